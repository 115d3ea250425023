using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Inclusion;

/// <summary><c>/inclusion</c>: what each unit is worth alone, v({i}) − v(∅); the other end of occlusion's v(N) − v(N∖{i}).</summary>
public sealed class InclusionMethod : ExplanationMethod<InclusionRequest, InclusionAnswer>
{
    /// <inheritdoc/>
    public override string Path => "/inclusion";

    /// <inheritdoc/>
    public override string Title => "Inclusion";

    /// <inheritdoc/>
    public override string Summary => "How the target rises when a part of the text stands alone";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["granularity"] = "word" };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => InclusionJson.Default;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [new("inclusion", "Inclusion", [ModelFeature.Predict]) { Comparison = [] }];

    /// <inheritdoc/>
    public override bool Perturbs => true;

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    protected override long ExpectedRows(InclusionRequest request, PreparedInput input, UnitHierarchy units) => 1 + units.Top.Units.Count;

    /// <inheritdoc/>
    protected override async Task<InclusionAnswer> ExplainAsync(
        InclusionRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        var units = context.Units.Top;
        var replacement = Replacement.Resolve(request.Replacement, context.Model.Tokenizer, context.Warnings);
        var game = new TextGame(context, units, replacement);
        var empty = Coalition.Empty(game.Players);
        var values = await game.EvaluateAsync(Enumerable.Range(0, game.Players).Select(empty.With).Prepend(empty), cancellationToken)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        if (values.Count <= game.Players)
        {
            throw new NoPartialResultException();
        }

        var scores = Enumerable
            .Range(0, game.Outputs)
            .Select(output => values.Skip(1).Select(value => value[output] - values[0][output]).ToArray())
            .ToArray();
        return new InclusionAnswer
        {
            Granularity = units.Name,
            Units = units.Answers(context.Input, scores[context.Target.MainOutput]),
            Labels = LabelAnswers.Of(context.Target, scores, baseValue: values[0]),
            BaseValue = values[0][context.Target.MainOutput],
            Replacement = replacement.Name,
            Evaluations = values.Count,
        };
    }
}
