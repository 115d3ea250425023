using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Saliency;

/// <summary><c>/saliency</c>: white-box attributions by the method that the request names.</summary>
public sealed class SaliencyMethod : ExplanationMethod<SaliencyRequest, SaliencyAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/saliency";

    /// <inheritdoc/>
    public override string Title => "Saliency";

    /// <inheritdoc/>
    public override string Summary => "Gradient attributions";

    /// <inheritdoc/>
    public override JsonObject Example =>
        new()
        {
            ["method"] = "integrated_gradients",
            ["baseline"] = "pad",
            ["steps"] = 50,
        };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => SaliencyJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override bool ScoresSuperpixels => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        .. SaliencyAlgorithms.All.Select(algorithm => new SupportedFeature(
            "saliency." + algorithm.Name,
            algorithm.Title,
            [ModelFeature.Predict, algorithm.Needs]
        )
        {
            Request = new() { ["method"] = algorithm.Name },
            Comparison = new() { ["method"] = algorithm.Name },
        }),
    ];

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Token;

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    protected override Propagation? OnePass(SaliencyRequest request) =>
        SaliencyAlgorithms.Of(request) is var algorithm && algorithm.IsAtText(request) ? algorithm.Propagation : null;

    /// <inheritdoc/>
    protected override string TitleOf(SaliencyRequest request) => SaliencyAlgorithms.Of(request).Title;

    /// <inheritdoc/>
    protected override long ExpectedRows(SaliencyRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        SaliencyAlgorithms.Of(request).Points(request) * input.Windows.Count;

    /// <inheritdoc/>
    /// <remarks>Embeddings of the text, of its baseline, of points between them, and their gradients.</remarks>
    protected override long ExpectedBytes(SaliencyRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        8L * sizeof(float) * input.Tokens.Count * model.EmbeddingSize;

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(SaliencyRequest request) =>
        SaliencyAlgorithms.Of(request).NoPartialResultReason(request);

    /// <inheritdoc/>
    protected override void Check(SaliencyRequest request)
    {
        if (request.Quadrature == QuadratureRule.Trapezoid && (request.Steps == 1 || request.MaxSteps == 1))
        {
            string[] wrong = ["must be 2 or more: the trapezoid rule has both ends"];
            var fields = Set(("steps", request.Steps == 1 ? 1 : null), ("max_steps", request.MaxSteps == 1 ? 1 : null));
            throw InvalidRequestException.Malformed(fields.ToDictionary(field => field, _ => wrong));
        }

        if (request.Tolerance is not null && request.Steps > request.MaxSteps)
        {
            throw InvalidRequestException.Malformed("max_steps", "is below \"steps\", from which refinement starts");
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(SaliencyRequest request) =>
        Set(
                ("norm", request.Norm),
                ("of", request.Of),
                ("baseline", request.Baseline),
                ("steps", request.Steps),
                ("quadrature", request.Quadrature),
                ("tolerance", request.Tolerance),
                ("max_steps", request.MaxSteps),
                ("samples", request.Samples),
                ("noise", request.Noise)
            )
            .Except(SaliencyAlgorithms.Of(request).Options(request));

    /// <inheritdoc/>
    protected override async Task<SaliencyAnswer> ExplainAsync(
        SaliencyRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var algorithm = SaliencyAlgorithms.Of(request);
        var resolved = context.Target;
        BaselinePoint.Warn(context.Model, request, context.Input.Tokens.Tokens.Count(token => !token.Special), context.Warnings);
        var hierarchy = context.Units;
        UnitNode[] nodes = [.. hierarchy.Levels().SelectMany(level => level)];
        var points = new PointCounter();
        var outputs = await OutputAttributions
            .AllAsync(context, algorithm, request, [.. nodes.Select(node => node.Unit.Tokens)], points, cancellationToken)
            .ConfigureAwait(false);
        var main = outputs[resolved.MainOutput];
        await SaliencyWarnings.AddAsync(context, request, outputs, cancellationToken).ConfigureAwait(false);
        if (outputs.Min(output => output.Draws) is { } draws && draws < (request.Samples ?? SmoothGrad.DefaultSamples))
        {
            context.Warnings.Add(context.Deadline.PartialResult($"{draws} of {request.Samples ?? SmoothGrad.DefaultSamples} samples"));
        }

        if (request.Tolerance is { } tolerance && main.CompletenessError > tolerance)
        {
            if (context.Deadline.Passed && main.Steps < IntegratedGradients.MaxSteps(request))
            {
                context.Warnings.Add(context.Deadline.PartialResult($"{main.Steps} steps"));
            }

            context.Warnings.Add(
                new Warning(
                    WarningCode.ToleranceNotReached,
                    FormattableString.Invariant(
                        $"The completeness error {main.CompletenessError:g3} is above the tolerance of {tolerance:g3} after {main.Steps} steps."
                    )
                )
            );
        }

        var units = hierarchy.Top;
        var errors = main.StandardErrors is { } all ? nodes.Zip(all).ToDictionary(pair => pair.First, pair => pair.Second) : null;
        return new SaliencyAnswer
        {
            Method = algorithm.Name,
            Unsigned = algorithm.IsUnsigned(request) ? true : null,
            Granularity = units.Name,
            Tokens = context.Input.TokenAnswers(main.Tokens),
            Generated = OutputAttributions.Generated(context, outputs),
            Units = hierarchy.Sums(context.Input, main.Tokens, errors),
            Labels = LabelAnswers.Of(
                resolved,
                [.. outputs.Select(output => units.Sum(output.Tokens))],
                standardErrors: errors is null ? null : [.. outputs.Select(output => output.StandardErrors![..units.Units.Count])]
            ),
            Scores = main.Pixels,
            CompletenessError = main.CompletenessError,
            Steps = main.Steps,
            Path = main.Path,
            Frozen = main.Frozen,
            Evaluations = resolved.Windows.Count > 1 ? 1 + points.Total : context.Work.Meter.Rows,
        };
    }
}
