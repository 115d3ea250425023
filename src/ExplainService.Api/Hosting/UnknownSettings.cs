using ExplainService.Api.Access;
using ExplainService.Api.Adapters;
using ExplainService.Api.Audit;
using ExplainService.Api.Limits;
using ExplainService.Images;
using ExplainService.Jobs;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Api.Hosting;

/// <summary>Keys of the service's own sections that nothing reads: most likely misspelt.</summary>
internal static class UnknownSettings
{
    private static readonly Dictionary<string, string[]> Known = new()
    {
        [ModelOptions.Section] = [.. Names<ModelOptions>(), Preloader.Setting],
        [RuntimeOptions.Section] = [.. Names<RuntimeOptions>()],
        [ServerLimits.Section] = [.. Names<ServerLimits>()],
        ["Images"] = [.. Names<ImageOptions>()],
        [JobOptions.Section] = [.. Names<JobOptions>()],
        [AuditLogOptions.Section] = [.. Names<AuditLogOptions>()],
        [AdapterOptions.Section] = [.. Names<AdapterOptions>()],
        [AuthOptions.Section] = [.. Names<AuthOptions>()],
        [CrossOrigin.Section] = [CrossOrigin.Setting],
        [Proxies.Section] = [Proxies.Setting],
        [PrivacyOptions.Section] = [nameof(PrivacyOptions.Redact)],
    };

    /// <summary>The keys, each with the settings that its section has.</summary>
    /// <param name="configuration">Where the keys are.</param>
    /// <param name="models">The models that there are; empty where the directory is away, and any name may yet be one.</param>
    public static IEnumerable<(string Key, string Known)> Find(IConfiguration configuration, IReadOnlyList<string> models) =>
        Known
            .SelectMany(section => Find(configuration, section.Key, section.Value, StringComparer.OrdinalIgnoreCase))
            .Concat(models.Count == 0 ? [] : Find(configuration, ModelFileRules.Key, models, StringComparer.Ordinal));

    private static IEnumerable<(string Key, string Known)> Find(
        IConfiguration configuration,
        string section,
        IReadOnlyList<string> known,
        StringComparer spelling
    ) =>
        from setting in configuration.GetSection(section).GetChildren()
        where !known.Contains(setting.Key, spelling)
        select (setting.Path, string.Join(", ", known));

    private static IEnumerable<string> Names<T>() =>
        typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
}
