using System.IO.Compression;
using ExplainService.Api.Access;
using ExplainService.Api.Adapters;
using ExplainService.Api.Audit;
using ExplainService.Api.Contracts;
using ExplainService.Api.Hosting;
using ExplainService.Api.Limits;
using ExplainService.Api.OpenApi;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Images;
using ExplainService.Jobs;
using ExplainService.Jobs.Service;
using ExplainService.Methods;
using ExplainService.Rendering.Output;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ExplainService.Api;

/// <summary>Registers and orders what serves HTTP.</summary>
internal static class ApiServices
{
    /// <summary>Registers everything of this project.</summary>
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        AddSection<ServerLimits>(services, ServerLimits.Section);
        services.AddSingleton<BodyLimit>();
        services.AddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddSingleton<Readiness>();
        services.AddSingleton(provider => WorkBytes.Budget(provider.GetRequiredService<ServerLimits>()));
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<QueueMetrics>();
        services.AddSingleton(new Negotiation(PictureFormat.All));
        services.AddSingleton<ExplanationRunner>();
        services.AddSingleton<ExplanationStream>();
        services.AddSingleton<ProgressStream>();
        services.AddSingleton<ExplanationPipeline>();
        services.AddHostedService<StartReport>();
        services.AddHostedService<Preloader>();
        services.AddSingleton<RequestPipeline>();
        services.AddSingleton<Rehearsal>();
        services.AddHostedService(provider => provider.GetRequiredService<Rehearsal>());
        services.AddHostedService<DrainService>();
        services.AddServiceDocument();
        AddExplaining(services);
        AddSection<AdapterOptions>(services, AdapterOptions.Section);
        services.AddSingleton<IValidateOptions<AdapterOptions>, AdapterRules>();
        services.AddAdapters();
        AddJobs(services);
        AddCompression(services);
        services.AddCrossOrigin(builder.Configuration);
        services.AddProxies(builder.Configuration);
        services.AddSingleton(PrivacyOptions.Read(builder.Configuration));
        AddAccess(services, AuthSettings.Read(builder.Configuration));
        services
            .AddOptions<HostOptions>()
            .Configure<IOptions<ServerLimits>>(
                (host, limits) => host.ShutdownTimeout = TimeSpan.FromSeconds(limits.Value.DrainSeconds) + DrainService.FinalGracePeriod
            );
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerLimits>>(ConnectionLimits.Apply);
        builder.ListenWhereConfigured();
    }

    /// <summary>Orders the middleware.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.Use(next =>
        {
            app.Services.GetRequiredService<RequestPipeline>().Built(next);
            return next;
        });
        app.UseForwardedHeaders();
        // Every route answers under /v1 too.
        app.UsePathBase("/v1");
        app.UseResponseCompression();
        app.UseRouting();
        app.UseMiddleware<RequestTelemetry>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseSecurityHeaders();
        app.UseCors();
        app.UseMiddleware<CrossSiteGate>();
        app.UseMiddleware<AccessGate>();
        app.UseMiddleware<RateGate>();
        app.UseMiddleware<DrainGate>();
        // Nobody asks for it: its instruments are asked.
        app.Services.GetRequiredService<QueueMetrics>();
    }

    /// <summary>Who may ask.</summary>
    private static void AddAccess(IServiceCollection services, AuthOptions auth)
    {
        services.AddSingleton(auth);
        AddSection<AuditLogOptions>(services, AuditLogOptions.Section);
        services.AddSingleton<AuditFile>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditFile>());
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<CallerAccounts>();
        services.AddSingleton<IJobAccounts>(provider => provider.GetRequiredService<CallerAccounts>());
        services.AddSingleton<CallerRates>();
        services.AddTokens(auth);
    }

    /// <summary>Models, methods and the pipeline between them.</summary>
    private static void AddExplaining(IServiceCollection services)
    {
        AddSection<ModelOptions>(services, ModelOptions.Section);
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelFileRules>();
        AddSection<RuntimeOptions>(services, RuntimeOptions.Section);
        services.AddSingleton<IModelObserver, ModelLog>();
        services.AddSingleton<IModelRegistry, ModelRegistry>();
        services.AddSingleton(MethodCatalog.Default);
        AddSection<ImageOptions>(services, "Images");
        services.AddSingleton<IExplainer, Explainer>();
    }

    /// <summary>Audits over whole files.</summary>
    private static void AddJobs(IServiceCollection services)
    {
        AddSection<JobOptions>(services, JobOptions.Section);
        services.AddSingleton<IJobObserver, JobLog>();
        services.AddSingleton<JobService>();
        services.AddSingleton<JobBodies>();
        services.AddHostedService<JobsHost>();
    }

    /// <summary>Binds a section, checked before anything is served.</summary>
    private static void AddSection<T>(IServiceCollection services, string section)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new SectionRules<T>(section));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
    }

    private static void AddCompression(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            // Not application/x-ndjson: an answer must leave when it is ready, not when a block is full.
            compression.MimeTypes =
            [
                "application/json",
                "application/problem+json",
                "text/html",
                "text/css",
                "text/javascript",
                "image/svg+xml",
                "text/plain",
            ];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }
}
