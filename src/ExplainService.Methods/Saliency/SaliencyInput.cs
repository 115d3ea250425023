using System.Numerics.Tensors;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>Scores of the input's tokens and, for seq2seq models, of the decoder's.</summary>
public sealed record TokenScores(double[] Tokens, double[] Decoder)
{
    /// <summary>Of a picture: the scores of its pixels, [height][width].</summary>
    public IReadOnlyList<double[]>? Pixels { get; init; }

    /// <summary>f at the input, as the gradient form computes it; null where the method does not pass through it.</summary>
    public double? Value { get; init; }

    /// <summary>f(x) − f(b): what the scores of a complete method add up to.</summary>
    public double? Change { get; init; }

    /// <summary>|Σ scores − (f(x) − f(b))|, for methods that are complete.</summary>
    public double? CompletenessError { get; init; }

    /// <summary>One standard error of the sum of scores over each of <see cref="SaliencyInput.Units"/>, for methods that draw.</summary>
    public double[]? StandardErrors { get; init; }

    /// <summary>Points of the quadrature.</summary>
    public int? Steps { get; init; }

    /// <summary>Draws that there was time for, of methods that average draws.</summary>
    public int? Draws { get; init; }

    /// <summary>f along the path.</summary>
    public IReadOnlyList<PathPoint>? Path { get; init; }

    /// <summary>What of the model stood still, of relevance.</summary>
    public FrozenCounts? Frozen { get; init; }
}

/// <summary>The embeddings of one row: e of the encoder's tokens and, for seq2seq models, of the decoder's.</summary>
/// <param name="Tokens">[sequence × embedding].</param>
/// <param name="Decoder">[decoder sequence × embedding], or empty.</param>
public sealed record Embeddings(float[] Tokens, float[] Decoder)
{
    /// <summary>b + α (e − b).</summary>
    public static Embeddings Between(Embeddings baseline, Embeddings input, double alpha) =>
        new(Between(baseline.Tokens, input.Tokens, alpha), Between(baseline.Decoder, input.Decoder, alpha));

    private static float[] Between(float[] from, float[] to, double alpha)
    {
        var point = new float[to.Length];
        TensorPrimitives.Lerp(from, to, (float)alpha, point);
        return point;
    }
}

/// <summary>
/// One scalar f of one row, differentiable with respect to its word embeddings: what saliency methods are written against.
/// </summary>
/// <param name="Runner">The abstract model.</param>
/// <param name="Row">The row.</param>
/// <param name="Targets">Columns that make up f.</param>
/// <param name="Spec">Objective and link.</param>
/// <param name="Special">Which of the row's tokens are special: they keep their embedding in every baseline.</param>
/// <param name="Work">How rows are run.</param>
/// <param name="Deadline">When the best answer so far is wanted.</param>
public sealed record SaliencyInput(
    IModelRunner Runner,
    TokenRow Row,
    int[] Targets,
    GradientSpec Spec,
    IReadOnlyList<bool> Special,
    WorkOptions Work,
    Deadline Deadline
)
{
    /// <summary>The picture whose pixels stand where a text's tokens do; null: the row is of a text.</summary>
    public PreparedPicture? Picture { get; init; }

    /// <summary>Things that get a score each: the row's tokens, or a picture's pixels.</summary>
    public int Parts => Picture?.Parts ?? Row.Ids.Length;

    /// <summary>The tokens of every unit whose sum is wanted with a standard error.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Units { get; init; } = [];

    /// <summary>Columns that f is the difference to; null: f is none.</summary>
    public int[]? Against { get; init; }

    /// <summary>How many of the row's tokens are the text's; what a causal model is to say stands behind them.</summary>
    public int TextTokens { get; init; } = Row.Ids.Length;

    /// <summary>The token that is padding in a baseline; null: the zero embedding is.</summary>
    public int? Padding { get; init; }

    /// <summary>What f is made of where <see cref="Row"/> is none that the model reads, but all that several rows hold; null: it is one.</summary>
    public CompositeGradient? Composite { get; init; }

    /// <summary>Counts the points at which f was computed.</summary>
    public PointCounter Points { get; init; } = new();

    /// <summary>What one output of the target needs.</summary>
    public static SaliencyInput Of(ExplanationContext context, int output, IReadOnlyList<IReadOnlyList<int>> units, Propagation propagation)
    {
        if (CompositeGradient.Of(context, output) is { } composite)
        {
            return OfParts(context, composite, units, propagation);
        }

        var (window, picture) = (context.Window, context.Input.Picture);
        var explained = GradientTargets.Of(window, window.Target.Outputs[output]);
        var row = explained.Row;
        var special = picture is not null
            ? Enumerable.Range(0, picture.Parts).Select(picture.IsBeside)
            : window
                .Encoding.Tokens.Select(token => token.Special)
                .Concat(row.Ids.Skip(window.Encoding.Count).Select(id => IsSpecial(context.Model.Tokenizer, id)));
        return new SaliencyInput(
            context.Runner,
            row,
            explained.Targets,
            new GradientSpec(window.Target.Objective, window.Target.Link)
            {
                Propagation = propagation,
                Contrast = window.Target.IsContrast,
            },
            [.. special],
            context.Work,
            context.Deadline
        )
        {
            Units = units,
            Picture = picture,
            Against = explained.Against,
            TextTokens = window.Encoding.Count,
            Padding = context.Model.Description.StandIns.Baseline?.Id,
        };
    }

    private static SaliencyInput OfParts(
        ExplanationContext context,
        CompositeGradient composite,
        IReadOnlyList<IReadOnlyList<int>> units,
        Propagation propagation
    )
    {
        var (tokens, f) = (context.Input.Tokens, context.Target.Windows[0].Target);
        return new SaliencyInput(
            context.Runner,
            new TokenRow { Ids = tokens.Ids },
            [],
            new GradientSpec(f.Objective, f.Link) { Propagation = propagation, Contrast = f.IsContrast },
            [.. tokens.Tokens.Select(token => token.Special)],
            context.Work,
            context.Deadline
        )
        {
            Units = units,
            Padding = context.Model.Description.StandIns.Baseline?.Id,
            Composite = composite,
        };
    }

    private static bool IsSpecial(Tokenizer tokenizer, int id) =>
        tokenizer.Decode([id]).Length == 0 && tokenizer.Decode([id], skipSpecial: false).Length > 0;

    /// <summary>The word embeddings of the row's own tokens.</summary>
    public Embeddings Embed() =>
        Picture is not null
            ? new(Picture.Version(PictureVersion.Sent), [])
            : new(Runner.Embed(Row.Ids), Row.DecoderIds.Length == 0 ? [] : Runner.Embed(Row.DecoderIds, decoder: true));

    /// <summary>f at a point; null: at the row's own embeddings.</summary>
    public GradientRow At(Embeddings? point) =>
        new(Row, Targets, point?.Tokens, Row.DecoderIds.Length == 0 ? null : point?.Decoder) { Against = Against };

    /// <summary>f and its gradient at these points, in order; at the first of them only where the deadline passes.</summary>
    public IAsyncEnumerable<GradientResult> GradientsAsync(IEnumerable<Embeddings> points, CancellationToken cancellationToken) =>
        Deadline
            .InTime(
                stop =>
                    Composite is null
                        ? Runner.GradientAsync(points.Select(At), Spec, Work, stop)
                        : Composite.RunAsync(this, points.Select(point => point.Tokens), stop),
                cancellationToken
            )
            .Select(result => Finite.Gradient(Points.Count(result)));
}
