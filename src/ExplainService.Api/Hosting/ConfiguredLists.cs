namespace ExplainService.Api.Hosting;

/// <summary>Settings that are lists.</summary>
internal static class ConfiguredLists
{
    /// <summary>
    /// A list (<c>Models:Preload:0</c>), or one string with commas, as environment variables hold (<c>Models__Preload=a,b</c>).
    /// </summary>
    public static string[] List(this IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);
        return section.Value?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? section.Get<string[]>()
            ?? [];
    }
}
