using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace ExplainService.Api.Explorer;

/// <summary>One file of the explorer, ready to send.</summary>
/// <param name="Path">Below <c>wwwroot</c>, with forward slashes.</param>
/// <param name="MediaType">Its type, with its charset.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="ETag">A strong entity tag, from the bytes.</param>
internal sealed record ExplorerFile(string Path, string MediaType, byte[] Content, string ETag);

/// <summary>
/// The explorer's files. They are resources of the assembly, so that the page is there however the service was started: <c>dotnet run</c>,
/// a published folder, a container, a test host.
/// </summary>
internal static class ExplorerFiles
{
    /// <summary>The page itself.</summary>
    public const string Page = "index.html";

    /// <summary>The page of jobs.</summary>
    public const string JobsPage = "jobs/index.html";

    /// <summary>The element for pages of others.</summary>
    public const string Element = "explained-text.js";

    private const string ResourcePrefix = "explorer/";

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml; charset=utf-8",
    }.ToFrozenDictionary();

    /// <summary>Every file, by path; each has a type of the table above.</summary>
    public static IReadOnlyList<ExplorerFile> All { get; } = Load();

    private static ExplorerFile[] Load()
    {
        var assembly = typeof(ExplorerFiles).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Read(assembly, name)),
        ];
    }

    private static ExplorerFile Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var path = resource[ResourcePrefix.Length..].Replace('\\', '/');
        return new ExplorerFile(
            path,
            MediaTypes[Path.GetExtension(path)],
            content,
            '"' + Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12)) + '"'
        );
    }
}
