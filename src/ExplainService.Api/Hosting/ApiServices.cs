using System.IO.Compression;
using ExplainService.Api.Json;
using ExplainService.Api.OpenApi;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods;
using ExplainService.Rendering.Output;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.AspNetCore.ResponseCompression;

namespace ExplainService.Api.Hosting;

/// <summary>Registers and orders what serves HTTP.</summary>
internal static class ApiServices
{
    /// <summary>Where the service listens unless it is told otherwise.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    private static readonly string[] UrlKeys = ["urls", "http_ports", "https_ports"];

    /// <summary>Registers everything of this project.</summary>
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ServerLimits>().BindConfiguration(ServerLimits.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => ServiceJson.Configure(json.SerializerOptions));
        services.AddSingleton<Readiness>();
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton(new Negotiation(PictureFormat.All));
        services.AddSingleton<ExplanationRunner>();
        services.AddSingleton<ExplanationStream>();
        services.AddSingleton<ExplanationPipeline>();
        services.AddHostedService<Preloader>();
        services.AddHostedService<DrainService>();
        services.AddServiceDocument();
        AddExplaining(services, builder.Configuration);
        AddCompression(services);
        AddCors(services, builder.Configuration);

        var drain = builder.Configuration.GetSection(ServerLimits.Section).Get<ServerLimits>()?.DrainSeconds ?? new ServerLimits().DrainSeconds;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(drain + 5));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Bodies are limited where they are read, so that the refusal reaches the client as a problem.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        if (Array.TrueForAll(UrlKeys, key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
    }

    /// <summary>Orders the middleware.</summary>
    public static void UseApi(this WebApplication app)
    {
        // Every route answers under /v1 too.
        app.UsePathBase("/v1");
        app.UseResponseCompression();
        app.UseRouting();
        app.UseMiddleware<RequestTelemetry>();
        app.UseMiddleware<ProblemMiddleware>();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UseCors();
        app.UseMiddleware<DrainGate>();
        // Asked for now, so that instruments which are created later are not missed.
        app.Services.GetRequiredService<PrometheusExporter>();
        app.Services.GetRequiredService<QueueMetrics>();
    }

    /// <summary>Models, methods and the pipeline between them.</summary>
    private static void AddExplaining(IServiceCollection services, ConfigurationManager configuration)
    {
        services.AddSingleton(_ => configuration.GetSection(ModelOptions.Section).Get<ModelOptions>() ?? new ModelOptions());
        services.AddSingleton(_ => configuration.GetSection(RuntimeOptions.Section).Get<RuntimeOptions>() ?? new RuntimeOptions());
        services.AddSingleton<IModelRegistry, ModelRegistry>();
        services.AddSingleton<MethodCatalog>();
        services.AddSingleton<IExplainer, Explainer>();
    }

    private static void AddCompression(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            // Not application/x-ndjson: an answer must leave when it is ready, not when a block is full.
            compression.MimeTypes = ["application/json", "application/problem+json", "text/html", "text/css", "text/javascript", "image/svg+xml", "text/plain"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    /// <summary><c>Cors:Origins</c>: the sites whose pages may call the service; none unless named, <c>*</c> for all.</summary>
    private static void AddCors(IServiceCollection services, ConfigurationManager configuration)
    {
        var section = configuration.GetSection("Cors:Origins");
        var origins = section.Get<string[]>() ?? section.Value?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        {
            policy.WithOrigins(origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After");
            if (origins.Contains("*"))
            {
                policy.AllowAnyOrigin();
            }
        }));
    }
}
