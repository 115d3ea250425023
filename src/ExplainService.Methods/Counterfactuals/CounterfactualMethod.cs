using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Perturbation;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Counterfactuals;

/// <summary><c>/counterfactual</c>: small changes of the text that change what the model says.</summary>
public sealed class CounterfactualMethod : ExplanationMethod<CounterfactualRequest, CounterfactualAnswer>
{
    private const int DefaultEvaluations = 500;
    private const int EvaluationsInWindows = 50;

    private static readonly ICounterfactualSearch[] Searches = [new RemoveSearch(), new FlipSearch(), new FillSearch(), new ReduceSearch()];

    /// <inheritdoc/>
    public override string Path => "/counterfactual";

    /// <inheritdoc/>
    public override string Title => "Counterfactuals";

    /// <inheritdoc/>
    public override string Summary => "The smallest change of the text or picture that changes the prediction";

    /// <inheritdoc/>
    public override JsonObject Example => new() { ["method"] = "remove", ["count"] = 2 };

    /// <inheritdoc/>
    public override IJsonTypeInfoResolver Json => CounterfactualJson.Default;

    /// <inheritdoc/>
    public override string? NoPicturesReason => null;

    /// <inheritdoc/>
    public override bool ScoresSuperpixels => true;

    /// <inheritdoc/>
    public override bool HidesUnits => true;

    /// <inheritdoc/>
    public override IReadOnlyList<SupportedFeature> Features { get; } =
    [
        Feature(CounterfactualKind.Remove, "removed", ModelFeature.Predict),
        Feature(CounterfactualKind.Flip, "flipped", ModelFeature.Predict, ModelFeature.Gradient),
        Feature(CounterfactualKind.Fill, "filled in", ModelFeature.Predict),
        Feature(CounterfactualKind.Reduce, "reduced", ModelFeature.Predict),
    ];

    /// <inheritdoc/>
    public override Granularity? Units => Granularity.Word;

    /// <inheritdoc/>
    public override bool ReadsWindows => true;

    /// <inheritdoc/>
    public override bool ScoresParts => false;

    /// <inheritdoc/>
    protected override string TitleOf(CounterfactualRequest request) =>
        (request.Method ?? CounterfactualKind.Remove) switch
        {
            CounterfactualKind.Reduce => request.Image is null ? "Reduced text" : "Reduced picture",
            _ when request.Keep == true => request.Image is null ? "Sufficient text" : "Sufficient patches",
            _ => "Counterfactual",
        };

    /// <inheritdoc/>
    protected override long ExpectedRows(CounterfactualRequest request, ModelDescription model, PreparedInput input, UnitHierarchy units) =>
        Budget(request, input) * (long)input.Windows.Count;

    /// <inheritdoc/>
    /// <remarks>Texts that were judged are remembered until the end.</remarks>
    protected override long ExpectedBytes(
        CounterfactualRequest request,
        ModelDescription model,
        PreparedInput input,
        UnitHierarchy units
    ) => Budget(request, input) * (long)sizeof(char) * (input.Text.Length + (input.Pair?.Length ?? 0));

    /// <inheritdoc/>
    protected override string? NoPartialResultReason(CounterfactualRequest request) => null;

    /// <inheritdoc/>
    protected override void Check(CounterfactualRequest request)
    {
        if (request.To is not null && !SearchOf(request).Changes(request))
        {
            throw InvalidRequestException.Malformed(
                "to",
                "must not stand beside what keeps the prediction (\"keep\": true, \"method\": \"reduce\")"
            );
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> Unused(CounterfactualRequest request) =>
        Set(
            ("against", request.Against),
            ("keep", SearchOf(request).Kind == CounterfactualKind.Remove ? null : request.Keep),
            ("fill_model", SearchOf(request).Kind == CounterfactualKind.Fill ? null : request.FillModel),
            ("granularity", SearchOf(request).Kind == CounterfactualKind.Flip ? request.Granularity : null),
            ("beam", SearchOf(request).Kind == CounterfactualKind.Reduce ? request.Beam : null),
            ("count", SearchOf(request).Kind == CounterfactualKind.Reduce ? request.Count : null)
        );

    /// <inheritdoc/>
    protected override async Task<CounterfactualAnswer> ExplainAsync(
        CounterfactualRequest request,
        ExplanationContext context,
        CancellationToken cancellationToken
    )
    {
        Require(request, context);
        var (search, units) = (SearchOf(request), context.Units.Leaves);
        var judge = new TextJudge(context, Goals.Of(request, context), Budget(request, context.Input) - 1);
        var found = await search.RunAsync(new SearchInput(request, judge, units), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0 && judge.Late)
        {
            throw new NoPartialResultException();
        }

        var answers = new List<CounterfactualTextAnswer>();
        foreach (var one in found.Best())
        {
            if (await judge.ConfirmAsync(one.Text, search.Changes(request), cancellationToken).ConfigureAwait(false) is { } resolved)
            {
                answers.Add(Answer(judge, one, resolved));
            }
        }

        Warn(request, judge, answers.Count);
        return new CounterfactualAnswer
        {
            Method = EnumNames.Of(search.Kind),
            Granularity = search.Kind == CounterfactualKind.Flip ? EnumNames.Of(Granularity.Token) : units.Name,
            Replacement = judge.Hidden?.Name,
            Counterfactuals = answers,
            Evaluations = 1 + judge.Spent,
        };
    }

    private static SupportedFeature Feature(CounterfactualKind kind, string done, params ModelFeature[] needs) =>
        new("counterfactual." + EnumNames.Of(kind), "Counterfactuals, " + done, needs)
        {
            Request = new() { ["method"] = EnumNames.Of(kind) },
            Refuses = model => Refuses(Searches.Single(search => search.Kind == kind), model),
        };

    private static string? Refuses(ICounterfactualSearch search, ModelDescription model) =>
        (model.Picture is null ? null : search.NoPicturesReason) ?? Goals.Refuses(model);

    private static ICounterfactualSearch SearchOf(CounterfactualRequest request) =>
        Searches.Single(search => search.Kind == (request.Method ?? CounterfactualKind.Remove));

    private static int Budget(CounterfactualRequest request, PreparedInput input) =>
        request.MaxEvaluations ?? LongTexts.Evaluations(input, DefaultEvaluations, EvaluationsInWindows);

    private static void Require(CounterfactualRequest request, ExplanationContext context)
    {
        if (context.Input.Picture is not null && SearchOf(request).NoPicturesReason is { } texts)
        {
            throw InvalidRequestException.CannotDo("method", texts);
        }

        if (context.Input.Picture is null && request.Replacement is not null)
        {
            throw InvalidRequestException.CannotDo(
                "replacement",
                "Units of a text are taken out of it; what stands for hidden units is a question of pictures alone."
            );
        }

        if (Goals.Refuses(context.Model.Description) is { } why)
        {
            throw new NotSupportedByModelException(why);
        }

        if (request.Messages is not null)
        {
            throw InvalidRequestException.CannotDo(
                "messages",
                "Changes are of one text, which its caller can change too; write the conversation as \"text\", as the model's chat template has it."
            );
        }
    }

    private static CounterfactualTextAnswer Answer(TextJudge judge, FoundText found, Targets.ResolvedTarget resolved)
    {
        var (input, text) = (judge.Context.Input, found.Text);
        return new CounterfactualTextAnswer
        {
            Text = text.Text,
            Pair = text.Pair,
            Edits = [.. text.Edits.Select(edit => input.Picture is { } picture ? Hidden(edit, picture) : Edited(edit))],
            Prediction = resolved.Prediction,
            Target = resolved.Answer.Token is null ? null : resolved.Answer,
            Minimal = found.IsMinimal,
        };

        EditAnswer Hidden(TextEdit edit, PreparedPicture picture)
        {
            var token = picture.TokenOf(edit.Start);
            return new(edit.Start, edit.End, picture.NameOf(token), judge.Hidden!.Name) { Box = picture.BoxOf(token) };
        }

        EditAnswer Edited(TextEdit edit) =>
            new(
                input.Offsets.Of(edit.Sequence, edit.Start),
                input.Offsets.Of(edit.Sequence, edit.End),
                input.TextOf(edit.Sequence)[edit.Start..edit.End],
                edit.To
            )
            {
                In = input.NameOf(edit.Sequence),
            };
    }

    private static void Warn(CounterfactualRequest request, TextJudge judge, int found)
    {
        var (warnings, wanted) = (judge.Context.Warnings, request.Count ?? 1);
        if (judge.Late)
        {
            warnings.Add(judge.Context.Deadline.PartialResult($"{judge.Spent} evaluations"));
        }

        if (judge.Goal.Kept.Count > 0 && !warnings.Exists(warning => warning.Code == WarningCode.TargetTokensKept))
        {
            warnings.Add(
                new Warning(
                    WarningCode.TargetTokensKept,
                    "The tokens that the prediction is of stay as they are; others change around them."
                )
            );
        }

        if (found == 0)
        {
            warnings.Add(
                new Warning(
                    WarningCode.NoCounterfactual,
                    FormattableString.Invariant(
                        $"None was found in {judge.Spent} evaluations; a larger max_edits, beam or max_evaluations, or another method may find one."
                    )
                )
            );
        }
        else if (found < wanted && SearchOf(request).Kind != CounterfactualKind.Reduce)
        {
            warnings.Add(
                new Warning(
                    WarningCode.FewerCounterfactuals,
                    FormattableString.Invariant($"{found} of the {wanted} wanted were found in {judge.Spent} evaluations.")
                )
            );
        }
    }
}
