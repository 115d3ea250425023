using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Targets;

/// <summary>The text that each of several tokens adds: what decoding it after the others writes more than decoding the others.</summary>
internal static class AddedTexts
{
    /// <summary>Tokens before that are enough for a decoder to know whether a space belongs in between.</summary>
    private const int Context = 8;

    /// <summary>
    /// One text a token; empty for special tokens, and for tokens that end in the middle of a character, whose text comes with the last of
    /// them.
    /// </summary>
    public static string[] Of(ReadOnlySpan<int> before, int[] ids, Tokenizer tokenizer)
    {
        List<int> tokens = [.. before[Math.Max(0, before.Length - Context)..]];
        var texts = new string[ids.Length];
        var known = Decode(tokens, tokenizer);
        for (var index = 0; index < ids.Length; index++)
        {
            tokens.Add(ids[index]);
            var longer = Decode(tokens, tokenizer);
            texts[index] = longer.StartsWith(known, StringComparison.Ordinal) ? longer[known.Length..] : Decode([ids[index]], tokenizer);
            known = longer;
        }

        return texts;
    }

    private static string Decode(List<int> ids, Tokenizer tokenizer) => ids.Count == 0 ? "" : tokenizer.Decode(ids).TrimEnd('\uFFFD');
}
