using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Api.Tests;

/// <summary>Endpoints by what their methods are: a new method is covered by what must hold of all like it.</summary>
public static class CataloguePaths
{
    /// <summary>Every explanation endpoint.</summary>
    public static TheoryData<string> All => Of(_ => true);

    /// <summary>Those whose units have scores.</summary>
    public static TheoryData<string> ScoringUnits => Of(ScoresUnits);

    /// <summary>Those that have the model score changed texts.</summary>
    public static TheoryData<string> ChangingTexts => Of(method => method is { Perturbs: true, ScoresParts: true });

    /// <summary>Those for which the text is as it is.</summary>
    public static TheoryData<string> ChangingNoText => Of(method => !method.Perturbs);

    /// <summary>Those whose units have scores in a text over the model's limit too.</summary>
    public static TheoryData<string> ScoringWindows => Of(method => ScoresUnits(method) && method.ReadsWindows);

    /// <summary>Those that have nothing to explain where the text is blank.</summary>
    public static TheoryData<string> NeedingAPrediction => Of(method => method.NeedsPrediction);

    /// <summary>Those that explain nothing of a model without a task head.</summary>
    public static TheoryData<string> NeedingAHead =>
        Of(method => method.Features.All(feature => feature.Needs.Contains(ModelFeature.Predict)));

    /// <summary>Those that count what an answer took.</summary>
    public static TheoryData<string> CountingEvaluations =>
        Of(method =>
            method
                .AnswerType.GetCustomAttributes(typeof(AlwaysGivenAttribute), inherit: true)
                .Cast<AlwaysGivenAttribute>()
                .Any(given => given.Fields.Contains(nameof(Explanation.Evaluations)))
        );

    private static bool ScoresUnits(IExplanationMethod method) => method.AnswerType.IsAssignableTo(typeof(UnitExplanation));

    private static TheoryData<string> Of(Func<IExplanationMethod, bool> chosen) =>
        new(MethodCatalog.Default.Methods.Where(chosen).Select(method => method.Path));
}
