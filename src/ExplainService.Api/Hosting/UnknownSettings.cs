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
        [CrossOrigin.Section] = [CrossOrigin.Setting],
    };

    /// <summary>The keys, each with the settings that its section has.</summary>
    public static IEnumerable<(string Key, string Known)> Find(IConfiguration configuration) =>
        from section in Known
        from setting in configuration.GetSection(section.Key).GetChildren()
        where !section.Value.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
        select (setting.Path, string.Join(", ", section.Value));

    private static IEnumerable<string> Names<T>() =>
        typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);
}
