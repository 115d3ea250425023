using ExplainService.Goldens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Explorer.Tests;

/// <summary>The real service with the bundled models on a random loopback port: a browser needs one.</summary>
public sealed class ExplorerService : WebApplicationFactory<Program>
{
    private readonly Lazy<Uri> address;

    public ExplorerService()
    {
        UseKestrel(0);
        address = new(() =>
        {
            StartServer();
            return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        });
    }

    /// <summary>Where the explorer is.</summary>
    public Uri Address => address.Value;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Models:Directory", ReferenceData.BundledModels);
        builder.UseSetting("Models:Default", "minilm-sst2");
    }
}
