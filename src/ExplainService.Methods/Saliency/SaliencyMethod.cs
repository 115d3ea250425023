using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Saliency;

/// <summary><c>/saliency</c>: white-box attributions by the method that the request names.</summary>
public sealed class SaliencyMethod : ExplanationMethod<SaliencyRequest>
{
    private static readonly Dictionary<SaliencyAlgorithm, ISaliencyAlgorithm> Algorithms = typeof(ISaliencyAlgorithm)
        .Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(ISaliencyAlgorithm)))
        .Select(type => (ISaliencyAlgorithm)Activator.CreateInstance(type)!)
        .ToDictionary(algorithm => algorithm.Method);

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        .. Algorithms
            .Keys.Order()
            .Select(method => new SupportedFeature("saliency." + EnumNames.Of(method), [ModelFeature.Predict, ModelFeature.Gradient])),
    ];

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Token;

    /// <inheritdoc/>
    protected override long ExpectedRows(SaliencyRequest request, PreparedInput input, UnitHierarchy units) =>
        AlgorithmOf(request).Points(request);

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(SaliencyRequest request) => AlgorithmOf(request).NoPartialResultReason(request);

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
            .Except(AlgorithmOf(request).Options(request));

    /// <inheritdoc/>
    protected override async Task<Explanation> ExplainAsync(
        SaliencyRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var algorithm = AlgorithmOf(request);
        var resolved = context.Target;
        BaselinePoint.Warn(context.Model.Tokenizer, request, context.Input.Tokens.Tokens.Count(token => !token.Special), context.Warnings);
        var hierarchy = context.Units;
        UnitNode[] nodes = [.. hierarchy.Levels().SelectMany(level => level)];
        var outputs = await OutputAttributions
            .AllAsync(context, algorithm, request, [.. nodes.Select(node => node.Unit.Tokens)], cancellationToken)
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
        return context.Answer(EnumNames.Of(algorithm.Method)) with
        {
            Granularity = units.Name,
            Tokens = context.Input.TokenAnswers(main.Tokens),
            Generated = OutputAttributions.Generated(context, outputs),
            Units = hierarchy.Sums(context.Input, main.Tokens, errors),
            Labels = LabelAnswers.Of(
                resolved,
                [.. outputs.Select(output => units.Sum(output.Tokens))],
                standardErrors: errors is null ? null : [.. outputs.Select(output => output.StandardErrors![..units.Units.Count])]
            ),
            CompletenessError = main.CompletenessError,
            Steps = main.Steps,
            Path = main.Path,
            Evaluations = context.Work.Meter.Rows,
        };
    }

    private static ISaliencyAlgorithm AlgorithmOf(SaliencyRequest request) =>
        Algorithms[request.Method ?? SaliencyAlgorithm.IntegratedGradients];
}
