using System.Text;
using System.Text.Json;
using ExplainService.Text.Reading;
using ExplainService.Text.Splitters;

namespace ExplainService.Text.Decoders;

/// <summary>From vocabulary entries back to text: a step rewrites the list of pieces, which are then joined.</summary>
internal delegate List<string> DecodeStep(List<string> pieces);

/// <summary>Reads the <c>decoder</c> of tokenizer.json: one line a type.</summary>
internal static class TokenDecoder
{
    public static DecodeStep Read(JsonElement? json)
    {
        if (json is not { } element)
        {
            return static pieces => pieces.Count == 0 ? pieces : [string.Join(' ', pieces)];
        }

        switch (element.Type())
        {
            case "Sequence":
                DecodeStep[] steps = [.. element.Items("decoders").Select(item => Read(item))];
                return pieces => steps.Aggregate(pieces, static (current, step) => step(current));
            case "ByteLevel":
                return static pieces => [Bytes(pieces)];
            case "WordPiece":
                var (prefix, cleanup) = (element.TextOrNull("prefix") ?? "##", element.Flag("cleanup", true));
                return pieces => [.. pieces.Select((piece, i) => WordPiece(piece, i, prefix, cleanup))];
            case "Metaspace":
                var replacement = SplitterReader.ReadReplacement(element);
                var strips = SplitterReader.ReadPrependScheme(element) != PrependScheme.Never;
                return pieces => [.. pieces.Select((piece, i) => Metaspace(piece, i == 0 && strips, replacement))];
            case "Replace":
                var pattern = element.Required("pattern").Optional("String")?.GetString()
                    ?? throw new TokenizerNotSupportedException("decoder", "Replace by a regular expression");
                var content = element.Text("content");
                return pieces => [.. pieces.Select(piece => piece.Replace(pattern, content, StringComparison.Ordinal))];
            case "Fuse":
                return static pieces => [string.Concat(pieces)];
            case "ByteFallback":
                return ByteFallback;
            case "Strip":
                var (character, start, stop) = (element.Text("content"), element.Int("start"), element.Int("stop"));
                return pieces => [.. pieces.Select(piece => Strip(piece, character, start, stop))];
            case "BPEDecoder":
                var suffix = element.TextOrNull("suffix") ?? "</w>";
                return pieces => [.. pieces.Select((piece, i) => piece.Replace(suffix, i == pieces.Count - 1 ? "" : " ", StringComparison.Ordinal))];
            case var other:
                throw new TokenizerNotSupportedException("decoder", other);
        }
    }

    private static string Bytes(List<string> pieces)
    {
        var bytes = new List<byte>();
        foreach (var piece in pieces)
        {
            // An added token is text already: one character outside the stand-ins tells.
            if (piece.Any(character => ByteLevel.ByteOf(character) < 0))
            {
                bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(piece));
            }
            else
            {
                bytes.AddRange(piece.Select(character => (byte)ByteLevel.ByteOf(character)));
            }
        }

        return System.Text.Encoding.UTF8.GetString([.. bytes]);
    }

    private static string WordPiece(string piece, int index, string prefix, bool cleanup)
    {
        var text = index == 0 ? piece
            : piece.StartsWith(prefix, StringComparison.Ordinal) ? piece[prefix.Length..]
            : " " + piece;
        return cleanup ? CleanUp(text) : text;
    }

    /// <summary>Transformers' clean-up of spaces before punctuation and in English contractions.</summary>
    internal static string CleanUp(string text) => new StringBuilder(text)
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'")
        .Replace(" n't", "n't").Replace(" 'm", "'m").Replace(" do not", " don't").Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re")
        .ToString();

    private static string Metaspace(string piece, bool first, char replacement)
    {
        var text = piece.Replace(replacement, ' ');
        return first && text.StartsWith(' ') ? text[1..] : text;
    }

    private static List<string> ByteFallback(List<string> pieces)
    {
        List<string> output = [];
        List<byte> bytes = [];
        foreach (var piece in pieces.Append(null))
        {
            if (piece is { Length: 6 } && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
                && byte.TryParse(piece.AsSpan(3, 2), System.Globalization.NumberStyles.HexNumber, null, out var value))
            {
                bytes.Add(value);
                continue;
            }

            if (bytes.Count > 0)
            {
                output.Add(System.Text.Encoding.UTF8.GetString([.. bytes]));
                bytes.Clear();
            }

            if (piece is not null)
            {
                output.Add(piece);
            }
        }

        return output;
    }

    private static string Strip(string piece, string character, int start, int stop)
    {
        for (var i = 0; i < start && piece.StartsWith(character, StringComparison.Ordinal); i++)
        {
            piece = piece[character.Length..];
        }

        for (var i = 0; i < stop && piece.EndsWith(character, StringComparison.Ordinal); i++)
        {
            piece = piece[..^character.Length];
        }

        return piece;
    }
}
