using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>What the caller's own labels claim of a text, for a model of natural language inference to judge (zero-shot classification).</summary>
public static class Hypotheses
{
    /// <summary>Where the label stands in a template.</summary>
    public const string Place = "{}";

    /// <summary>The most labels of a request: each is a row beside the whole text.</summary>
    public const int MaxLabels = 100;

    /// <summary>The longest hypothesis, in characters.</summary>
    public const int MaxLength = 10_000;

    /// <summary>The most tokens of text and labels together that are laid out beside each other.</summary>
    public const int MaxTokens = 2_000_000;

    private const string DefaultTemplate = "This example is {}.";

    /// <summary>How long the longest claim will be, before any is made.</summary>
    public static long LengthOf(TextRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var template = request.HypothesisTemplate ?? DefaultTemplate;
        var places = (template.Length - template.Replace(Place, "", StringComparison.Ordinal).Length) / Place.Length;
        return template.Length + ((long)places * (request.Labels ?? []).Select(label => label?.Length ?? 0).DefaultIfEmpty(0).Max());
    }

    /// <summary>One claim a label.</summary>
    /// <param name="request">The request.</param>
    /// <param name="otherwise">The template where it has none.</param>
    public static IReadOnlyList<string> Of(TextRequest request, string otherwise = DefaultTemplate)
    {
        ArgumentNullException.ThrowIfNull(request);
        var template = request.HypothesisTemplate ?? otherwise;
        return [.. request.Labels!.Select(label => template.Replace(Place, label, StringComparison.Ordinal))];
    }

    /// <summary>The class of a model that says that a text entails its pair, by its name as Transformers finds it; null: it has none.</summary>
    public static int? EntailmentOf(ModelDescription model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Task == ModelTask.TextClassification && model.Labels.Count > 1
            ? model
                .Labels.Index()
                .Where(label => label.Item.StartsWith("entail", StringComparison.OrdinalIgnoreCase))
                .Select(label => (int?)label.Index)
                .FirstOrDefault()
            : null;
    }
}
