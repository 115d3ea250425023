namespace ExplainService.Text.Decoders;

/// <summary>A step from tokens back to text. A text is the concatenation of what the last step leaves.</summary>
internal interface IDecoder
{
    /// <summary>The tokens rewritten; there may be fewer of them.</summary>
    List<string> Decode(List<string> tokens);
}

/// <summary>Several steps, one after another.</summary>
internal sealed class DecoderSequence(IReadOnlyList<IDecoder> steps) : IDecoder
{
    public List<string> Decode(List<string> tokens) => steps.Aggregate(tokens, (current, step) => step.Decode(current));
}

/// <summary>A step that treats tokens one by one, knowing only which is the first and how many there are.</summary>
internal sealed class TokenDecoder(Func<string, int, int, string> rewrite) : IDecoder
{
    public List<string> Decode(List<string> tokens) => [.. tokens.Select((token, index) => rewrite(token, index, tokens.Count))];
}
