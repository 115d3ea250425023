namespace ExplainService.Api.Hosting;

/// <summary>
/// Finds <c>Models:Directory</c> whether the service runs from the repository, from its project's folder or from a published folder.
/// </summary>
internal static class ModelsDirectory
{
    /// <summary>The configuration key.</summary>
    public const string Key = "Models:Directory";

    /// <summary>Where the bundled models are, from the repository's root.</summary>
    public const string Default = "deploy/models";

    /// <summary>Replaces the configured folder by its full path, so that every reader of the configuration agrees on it.</summary>
    public static void ResolveModelsDirectory(this WebApplicationBuilder builder)
    {
        var configured = builder.Configuration[Key] is { Length: > 0 } value ? value : Default;
        builder.Configuration[Key] = Resolve(
            configured,
            [Directory.GetCurrentDirectory(), builder.Environment.ContentRootPath, AppContext.BaseDirectory]
        );
    }

    /// <summary>
    /// The first folder of that name found in, or above, one of the starting points; under the first of them if there is none yet.
    /// </summary>
    public static string Resolve(string configured, IReadOnlyList<string> startingPoints)
    {
        if (Path.IsPathRooted(configured))
        {
            return configured;
        }

        foreach (var start in startingPoints)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.GetFullPath(Path.Combine(folder.FullName, configured));
                if (Directory.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        return Path.GetFullPath(Path.Combine(startingPoints[0], configured));
    }
}
