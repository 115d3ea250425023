using System.Text;
using System.Text.Json;
using ExplainService.Text.Alignment;
using ExplainService.Text.Json;
using ExplainService.Text.Patterns;

namespace ExplainService.Text.Splitters;

/// <summary>Reads the <c>pre_tokenizer</c> of tokenizer.json: one line a type.</summary>
internal static class SplitterReader
{
    public static Splitter? Read(JsonElement? json) =>
        json is not { } element
            ? null
            : element.Type() switch
            {
                "Sequence" => new SplitterSequence([.. element.Items("pretokenizers").Select(item => Read(item)!)]),
                "BertPreTokenizer" => new BertSplitter(),
                "Whitespace" => new WhitespaceSplitter(),
                "WhitespaceSplit" => new PatternSplitter(new CharacterPattern(Rune.IsWhiteSpace), SplitBehavior.Removed),
                "Punctuation" => new PatternSplitter(
                    new CharacterPattern(Characters.IsPunctuation),
                    SplitBehaviors.Read(element.TextOrNull("behavior") ?? "Isolated")
                ),
                "Digits" => new PatternSplitter(
                    new CharacterPattern(Characters.IsNumeric),
                    element.Flag("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous
                ),
                "CharDelimiterSplit" => new PatternSplitter(new LiteralPattern(element.Text("delimiter")), SplitBehavior.Removed),
                "Split" => new PatternSplitter(
                    TextPattern.Read(element.Required("pattern")),
                    SplitBehaviors.Read(element.Text("behavior")),
                    element.Flag("invert", false)
                ),
                "UnicodeScripts" => new ScriptSplitter(),
                "FixedLength" => new LengthSplitter(ReadLength(element)),
                "Metaspace" => ReadMetaspace(element),
                "ByteLevel" => new ByteLevelSplitter(element.Flag("add_prefix_space", true), element.Flag("use_regex", true)),
                var other => throw new TokenizerNotSupportedException("pre_tokenizer", other),
            };

    /// <summary>The scheme of a Metaspace component; older files have only <c>add_prefix_space</c>.</summary>
    public static PrependScheme ReadPrependScheme(JsonElement element) =>
        element.TextOrNull("prepend_scheme") switch
        {
            null => element.Flag("add_prefix_space", true) ? PrependScheme.Always : PrependScheme.Never,
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw new TokenizerNotSupportedException("prepend_scheme", other),
        };

    /// <summary>The one character that stands for a space.</summary>
    public static char ReadReplacement(JsonElement element) =>
        element.TextOrNull("replacement") switch
        {
            null => '▁',
            { Length: 1 } replacement => replacement[0],
            var other => throw new TokenizerNotSupportedException("replacement", other),
        };

    private static int ReadLength(JsonElement element) =>
        element.IntOrNull("length") switch
        {
            null => 5,
            > 0 and var length => length,
            _ => throw new TokenizerFormatException("The tokenizer's 'length' is not above zero."),
        };

    private static MetaspaceSplitter ReadMetaspace(JsonElement element) =>
        new(ReadReplacement(element), ReadPrependScheme(element), element.Flag("split", true));
}
