using ExplainService.Methods.Contracts;
using ExplainService.Methods.Numerics;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Saliency;

/// <summary>
/// Σ_d (e_id − b_id) · ∫₀¹ g_id(b + α(e − b)) dα (Sundararajan et al. 2017). Where steps are not fixed they are doubled until the scores add
/// up, by a rule whose points are among those of the next: no gradient is computed twice (Clenshaw and Curtis 1960).
/// </summary>
public sealed class IntegratedGradients : ISaliencyAlgorithm
{
    /// <summary>Steps to begin with where the request gives neither steps nor a tolerance.</summary>
    public const int DefaultSteps = 10;

    /// <summary>Where doubling them ends.</summary>
    public const int DefaultMostSteps = 80;

    /// <summary>The most steps under a tolerance where the request does not say.</summary>
    public const int DefaultMaxSteps = 400;

    /// <summary>Its name in the API: what a request explains by that names no method.</summary>
    public const string AlgorithmName = "integrated_gradients";

    private const int FirstAdaptiveSteps = 8;

    /// <summary>f at both ends of the path.</summary>
    private const int Ends = 2;

    /// <summary>The part of f's change that the scores may miss where the request gives no tolerance.</summary>
    private const double DefaultTolerance = 0.01;

    /// <summary>A change of f that is smaller counts as this: there is little to explain.</summary>
    private const double SmallChange = 0.05;

    /// <summary>Where refinement ends: steps that the request names are not lowered by a limit that it does not.</summary>
    public static int MaxSteps(SaliencyRequest request) => request.MaxSteps ?? Math.Max(DefaultMaxSteps, request.Steps ?? 0);

    /// <inheritdoc/>
    public string Name => AlgorithmName;

    /// <inheritdoc/>
    public string Title => "Integrated gradients";

    /// <inheritdoc/>
    public bool StartsAtMask => true;

    /// <inheritdoc/>
    public bool HasBaseline(SaliencyRequest request) => true;

    /// <inheritdoc/>
    public IReadOnlyList<string> Options(SaliencyRequest request) =>
        ["baseline", "steps", "quadrature", "tolerance", .. request.Tolerance is null ? (string[])[] : ["max_steps"]];

    /// <inheritdoc/>
    public long Points(SaliencyRequest request)
    {
        int[] rounds = [.. Rounds(request)];
        var isNested = !IsFixed(request) && request.Quadrature != QuadratureRule.GaussLegendre;

        // A last try that is not twice the one before has few points in common with it.
        return Ends
            + (
                isNested
                    ? rounds[^1] + (rounds.Length > 1 && rounds[^1] < (2 * rounds[^2]) - 1 ? rounds[^2] : 0L)
                    : rounds.Sum(steps => (long)steps)
            );
    }

    /// <inheritdoc/>
    public string? NoPartialResultReason(SaliencyRequest request) =>
        IsFixed(request)
            ? "a quadrature of fixed steps cannot return a partial result; with a \"tolerance\" it is refined until the deadline"
            : null;

    /// <inheritdoc/>
    public async Task<TokenScores> AttributeAsync(
        SaliencyInput input,
        SaliencyRequest request,
        Tokenizer tokenizer,
        CancellationToken cancellationToken
    )
    {
        var embeddings = input.Embed();
        var samples = new PathSamples(input, BaselinePoint.Embed(input, request, tokenizer), embeddings);
        TokenScores? best = null;
        foreach (var steps in Rounds(request))
        {
            var rule = RuleOf(request, steps);
            if (!await samples.AddAsync([0, 1, .. rule.Nodes], cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            best = samples.Integrate(rule) with { Steps = steps };
            if (best.CompletenessError <= ToleranceOf(request, best.Change!.Value) || input.Deadline.Passed)
            {
                break;
            }
        }

        return best ?? throw new NoPartialResultException();
    }

    private static bool IsFixed(SaliencyRequest request) => request is { Steps: not null, Tolerance: null };

    /// <summary>
    /// The steps of each try: those that the request fixes, else twice as many each time. Of a nested rule steps are the intervals that its
    /// points bound, of the trapezoid rule the points, as ever.
    /// </summary>
    private static IEnumerable<int> Rounds(SaliencyRequest request)
    {
        if (IsFixed(request))
        {
            return [request.Steps!.Value];
        }

        var most = request.Tolerance is null ? DefaultMostSteps : MaxSteps(request);
        var first = request.Steps ?? (request.Tolerance is null ? DefaultSteps : FirstAdaptiveSteps);
        return Doubled(Math.Min(first, most), most, request);
    }

    private static IEnumerable<int> Doubled(int first, int most, SaliencyRequest request)
    {
        var last = 0;
        for (var steps = first; steps <= most; steps = request.Quadrature == QuadratureRule.Trapezoid ? (2 * steps) - 1 : 2 * steps)
        {
            yield return last = steps;
        }

        if (last < most && request.MaxSteps is not null)
        {
            yield return most;
        }
    }

    private static Quadrature RuleOf(SaliencyRequest request, int steps) =>
        IsFixed(request) || request.Quadrature is not null
            ? QuadraturePoints.Of(request.Quadrature, steps)
            : Quadrature.ClenshawCurtis(steps);

    private static double ToleranceOf(SaliencyRequest request, double change) =>
        request.Tolerance ?? DefaultTolerance * Math.Max(SmallChange, Math.Abs(change));
}
