using ExplainService.Api.Limits;

namespace ExplainService.Api.Adapters;

/// <summary>The protocols of other services that are spoken here, each a file over the one pipeline.</summary>
internal static class AdapterEndpoints
{
    /// <summary>Registers what they have in common.</summary>
    public static void AddAdapters(this IServiceCollection services)
    {
        services.AddSingleton<PeerRequests>();
        Mcp.Add(services);
    }

    /// <summary>Maps those that the settings leave on.</summary>
    public static void MapAdapters(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<AdapterOptions>();
        if (options.KServe)
        {
            KServeV1.Map(app);
            KServeV2.Map(app);
        }

        if (options.SageMaker)
        {
            SageMaker.Map(app);
        }

        if (options.OpenAi)
        {
            OpenAi.Map(app);
        }

        if (options.TorchServe)
        {
            TorchServe.Map(app);
        }

        if (options.Vertex)
        {
            Vertex.Map(app);
        }

        if (options.Mcp)
        {
            Mcp.Map(app, app.Services.GetRequiredService<ServerLimits>());
        }
    }
}
