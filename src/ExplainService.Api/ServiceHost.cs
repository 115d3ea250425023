using ExplainService.Api.Adapters;
using ExplainService.Api.CommandLine;
using ExplainService.Api.Endpoints;
using ExplainService.Api.Hosting;
using ExplainService.Api.OpenApi;
using ExplainService.Api.Telemetry;

namespace ExplainService.Api;

/// <summary>The service from its start to its end.</summary>
internal static class ServiceHost
{
    /// <summary>The service with some settings, to be used without a port.</summary>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> settings) => Build([], settings);

    /// <summary>Runs it.</summary>
    /// <param name="args">Settings.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (Commands.TryRunAsync(args, Build) is { } command)
        {
            return await command;
        }

        WebApplication? app = null;
        try
        {
            app = Build(args, new Dictionary<string, string?>());
            app.UseApi();
            app.MapExplanations();
            app.MapModels();
            app.MapJobs();
            app.MapHealth();
            app.MapAdapters();
            app.MapExplorer();
            app.MapServiceDocument();
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is not HostAbortedException)
        {
            return StartFailure.Report(exception);
        }

        await using (app)
        {
            await app.WaitForShutdownAsync();
        }

        return 0;
    }

    private static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?> settings)
    {
        // appsettings.json lies beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddStructuredLogs();
        builder.AddMeasurements();
        builder.AddCollector();
        builder.ResolveModelsDirectory();
        builder.AddApi();
        return builder.Build();
    }
}
