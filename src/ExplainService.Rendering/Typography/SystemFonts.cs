using System.Collections.Concurrent;
using SkiaSharp;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// Finds an installed font for a character that Inter lacks. Skia's own search needs fontconfig, which its dependency-free build for Linux
/// leaves out, so that there the font folders are looked through, once, when the first such character comes.
/// </summary>
internal static class SystemFonts
{
    private static readonly string[] Folders =
    [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".fonts"),
    ];

    /// <summary>Faces that are not for running text.</summary>
    private static readonly string[] Unwanted = ["Bold", "Italic", "Oblique", "Light", "Thin", "Black", "Condensed", "Mono", "Medium"];

    private static readonly Lazy<IReadOnlyList<SKFont>> Installed = new(Find);
    private static readonly ConcurrentDictionary<int, SKTypeface?> Known = new();

    /// <summary>A typeface that has the character; null where none does.</summary>
    public static SKTypeface? For(int character)
    {
        if (Known.TryGetValue(character, out var known))
        {
            return known;
        }

        var found =
            SKFontManager.Default.MatchCharacter(character) is { } match && Face.Of(match).Has(character)
                ? match
                : Installed.Value.FirstOrDefault(font => font.ContainsGlyph(character))?.Typeface;
        return Known.Count < 20_000 ? Known.GetOrAdd(character, found) : found;
    }

    private static List<SKFont> Find()
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            MaxRecursionDepth = 6,
        };
        var files = Folders
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options))
            .Where(file => Path.GetExtension(file).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc")
            .Where(file => !Array.Exists(Unwanted, word => Path.GetFileName(file).Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(Rank)
            .ThenBy(file => file, StringComparer.Ordinal);
        var fonts = new List<SKFont>();
        foreach (var file in files)
        {
            if (SKTypeface.FromFile(file) is { } typeface)
            {
                fonts.Add(new SKFont(typeface));
            }
        }

        return fonts;
    }

    /// <summary>
    /// Sans before serif, so that a line looks of one piece; symbols and emoji last, since letters of theirs are not for text.
    /// </summary>
    private static int Rank(string file)
    {
        var name = Path.GetFileName(file);
        return name.StartsWith("NotoSans-", StringComparison.Ordinal) ? 0
            : name.Contains("Emoji", StringComparison.Ordinal) ? 5
            : name.Contains("Symbols", StringComparison.Ordinal) ? 3
            : name.Contains("Serif", StringComparison.Ordinal) ? 4
            : name.StartsWith("NotoSans", StringComparison.Ordinal) ? 1
            : 2;
    }
}
