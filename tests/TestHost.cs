using ExplainService.Goldens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Testing;

/// <summary>The service inside the tests' own process. What differs from one to the next are settings and services.</summary>
public abstract class TestHost : WebApplicationFactory<Program>
{
    private readonly Lazy<HttpClient> client;

    protected TestHost() => client = new(CreateClient);

    /// <summary>The one client of all its tests; the first to ask for it starts the service.</summary>
    public HttpClient Client => client.Value;

    /// <summary>Settings that serve the bundled models.</summary>
    protected static (string Key, string Value)[] Bundled =>
        [("Models:Directory", ReferenceData.BundledModels), ("Models:Default", "minilm-sst2")];

    /// <summary>Settings of the service; of two values of a key, the later holds.</summary>
    protected abstract IEnumerable<(string Key, string Value)> Settings { get; }

    /// <summary>A folder that goes with the service.</summary>
    protected virtual string? TemporaryFolder => null;

    /// <summary>Replaces what a test does without, or looks into.</summary>
    protected virtual void ConfigureServices(IServiceCollection services) { }

    /// <summary>How long a busy machine takes for an answer is not what tests assert, so the client has more than its 100 s.</summary>
    protected override void ConfigureClient(HttpClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        base.ConfigureClient(client);
        client.Timeout = Patience.Ample;
    }

    protected sealed override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Few tests ask for every form of their models; those that ask for one wait for it.
        builder.UseSetting("Models:PrepareForms", "false");

        // The cores are the tests' own, which run several hosts at once: none of those shall starve.
        builder.UseSetting("Runtime:Niceness", "0");
        foreach (var (key, value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(ConfigureServices);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(TemporaryFolder))
        {
            Directory.Delete(TemporaryFolder, recursive: true);
        }
    }
}
