using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Perturbation;

/// <summary>Adjacent units that others take the place of.</summary>
/// <param name="Units">Which; none: the text stays as it is.</param>
/// <param name="TextOf">From one of them to the text in its place.</param>
internal sealed record Substitution(Range Units, Func<int, PlacedText> TextOf)
{
    /// <summary>The text as it is.</summary>
    public static Substitution None { get; } = new(0..0, _ => PlacedText.Nothing);
}

/// <summary>f of the text with some of its units replaced, each by a text of its own.</summary>
internal sealed class SubstitutedTexts
{
    private readonly TextWindows windows;

    /// <summary>Of the request's text.</summary>
    /// <param name="context">The request.</param>
    /// <param name="units">Its units.</param>
    public SubstitutedTexts(ExplanationContext context, UnitSet units)
    {
        windows = new TextWindows(context, units, cuts: true);
        windows.WarnOfKept();
    }

    /// <summary>f, [output], for every substitution in turn; ends early when the time of the request is up.</summary>
    /// <param name="substitutions">May be lazy and long.</param>
    /// <param name="cancellationToken">Drops what has not been computed.</param>
    public IAsyncEnumerable<double[]> ScoreAsync(IEnumerable<Substitution> substitutions, CancellationToken cancellationToken) =>
        windows.ScoreAsync(
            substitutions.Select(substitution => (Func<GameWindow, WindowPart>)(window => window.With(substitution))),
            cancellationToken
        );
}
