using System.Globalization;
using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Colours;

namespace ExplainService.Rendering;

/// <summary>Reads options of pictures from a query string, as strictly as bodies are read: a typo never runs as a default.</summary>
public static class PictureQuery
{
    /// <summary>The options by name, each with how it is read.</summary>
    private static readonly Dictionary<string, Func<PictureOptions, string, PictureOptions>> Readers = new()
    {
        ["format"] = (options, _) => options,
        ["view"] = (options, text) => options with { View = text },
        ["width"] = (options, text) => options with { Width = Number("width", text, PictureOptions.Narrowest, PictureOptions.Widest) },
        ["theme"] = (options, text) =>
            options with
            {
                Theme = OneOf("theme", text, Enum.GetValues<Theme>(), theme => theme.ToString().ToLowerInvariant()),
            },
        ["palette"] = (options, text) => options with { Palette = OneOf("palette", text, Palette.All, palette => palette.Name) },
        ["top"] = (options, text) => options with { Top = Number("top", text, 1, PictureOptions.MaxTop) },
        ["scale"] = (options, text) => options with { Scale = Positive("scale", text) },
        ["layer"] = (options, text) => options with { Layer = Number("layer", text, 0, 10_000) },
        ["opacity"] = (options, text) => options with { Opacity = Share("opacity", text) },
        ["patch"] = (options, text) => options with { Patch = Number("patch", text, 0, 1_000_000) },
        ["head"] = (options, text) => options with { Head = Number("head", text, 0, 10_000) },
    };

    /// <summary>Whether a name is that of an option which means nothing for JSON.</summary>
    public static bool IsOption(string name) => name != "format" && Readers.ContainsKey(name);

    /// <summary>Whether an option says what holds without it, as forms do that send every field.</summary>
    public static bool IsDefault(string name, string value)
    {
        try
        {
            return Readers.TryGetValue(name, out var read) && read(PictureOptions.Default, value) == PictureOptions.Default;
        }
        catch (InvalidRequestException)
        {
            return false;
        }
    }

    /// <summary>Reads the options.</summary>
    /// <param name="query">Names and values; a name that comes twice is given twice.</param>
    /// <exception cref="InvalidRequestException">An unknown name, a name given twice, a value out of its range (400).</exception>
    public static PictureOptions Read(IEnumerable<KeyValuePair<string, string>> query)
    {
        var options = PictureOptions.Default;
        var seen = new HashSet<string>();
        foreach (var (name, value) in query)
        {
            if (!Readers.TryGetValue(name, out var read))
            {
                throw InvalidRequestException.Malformed(
                    Known(name),
                    "no such option of a picture; there are " + string.Join(", ", Readers.Keys.Order(StringComparer.Ordinal))
                );
            }

            options = seen.Add(name) ? read(options, value) : throw InvalidRequestException.Malformed(name, "is given more than once");
        }

        return options;
    }

    /// <summary>A name as it may be repeated in an answer.</summary>
    private static string Known(string name) => name.Length <= 40 && name.All(char.IsAsciiLetterOrDigit) ? name : "query";

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw InvalidRequestException.Malformed(name, FormattableString.Invariant($"must be a whole number from {least} to {most}"));

    private static double Positive(string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
        && number >= PictureOptions.MinScale
        && number <= PictureOptions.MaxScale
            ? number
            : throw InvalidRequestException.Malformed(
                name,
                FormattableString.Invariant($"must be a number from {PictureOptions.MinScale} to {PictureOptions.MaxScale}")
            );

    private static double Share(string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
            ? number
            : throw InvalidRequestException.Malformed(name, "must be a number from 0 to 1");

    private static T OneOf<T>(string name, string text, IReadOnlyList<T> choices, Func<T, string> nameOf)
    {
        foreach (var choice in choices)
        {
            if (nameOf(choice) == text)
            {
                return choice;
            }
        }

        throw InvalidRequestException.Malformed(
            name,
            "must be one of " + string.Join(", ", choices.Select(choice => $"\"{nameOf(choice)}\""))
        );
    }
}
