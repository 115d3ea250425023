using ExplainService.Text.Added;
using ExplainService.Text.Decoders;
using ExplainService.Text.Families;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>What a tokenizer is made of, whichever files it was read from.</summary>
internal sealed record TokenizerParts(
    IReadOnlyList<AddedToken> Added,
    INormalizer? Normalizer,
    Splitter? Splitter,
    TokenFamily Family,
    Template Template,
    IDecoder? Decoder
)
{
    /// <summary>Whether a text may begin with the code of a language (Marian's <c>&gt;&gt;fra&lt;&lt;</c>), which is one token.</summary>
    public bool HasLanguageCodes { get; init; }
}
