using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;

namespace ExplainService.Methods.Faithfulness;

/// <summary>What the methods of a comparison are called, and which they are where the request names none.</summary>
internal static class MethodNames
{
    /// <summary>How many methods <see cref="Default"/> has at most.</summary>
    public const int Defaults = 6;

    /// <summary>A name of its own for each: the caller's, or what it is, with a number where there are several.</summary>
    /// <exception cref="InvalidRequestException">Two are given the same (400).</exception>
    public static string[] Of(IReadOnlyList<ExplanationSource> sources)
    {
        var names = new string[sources.Count];
        foreach (var (index, source) in sources.Index())
        {
            if (source.Name is { } given)
            {
                names[index] =
                    given.Length > 0 && sources.Count(other => other.Name == given) == 1
                        ? given
                        : throw InvalidRequestException.Malformed(
                            FormattableString.Invariant($"methods[{index}].name"),
                            "must be a name that no other method has"
                        );
            }
        }

        var taken = names.Where(name => name is not null).ToHashSet();
        for (var index = 0; index < names.Length; index++)
        {
            if (names[index] is null)
            {
                var kind = KindOf(sources[index]);
                names[index] = Enumerable
                    .Range(1, sources.Count + 1)
                    .Select(number => number == 1 ? kind : FormattableString.Invariant($"{kind}_{number}"))
                    .First(taken.Add);
            }
        }

        return names;
    }

    /// <summary>What a model supports of methods that differ in kind.</summary>
    public static IReadOnlyList<ExplanationSource> Default(INestedExplanations nested, ModelDescription model)
    {
        (string Feature, string Endpoint, TextRequest? Request)[] all =
        [
            ("saliency.integrated_gradients", "/saliency", new SaliencyRequest { Method = "integrated_gradients" }),
            ("saliency.cp_lrp", "/saliency", new SaliencyRequest { Method = "cp_lrp" }),
            ("attention.gradient_relevance", "/attention", new AttentionRequest { Aggregate = AttentionAggregate.GradientRelevance }),
            ("occlusion", "/occlusion", nested.Default("/occlusion")),
            ("shap.auto", "/shap", nested.Default("/shap")),
            ("lime", "/lime", nested.Default("/lime")),
        ];
        return
        [
            .. all.Where(method => nested.Supports(model, method.Feature))
                .Select(method => new ExplanationSource { Endpoint = method.Endpoint, Request = method.Request }),
        ];
    }

    private static string KindOf(ExplanationSource source) =>
        source.Request switch
        {
            null => "scores",
            SaliencyRequest saliency => SaliencyAlgorithms.Of(saliency).Name,
            AttentionRequest { Aggregate: { } aggregate } => EnumNames.Of(aggregate),
            _ => source.Endpoint!.TrimStart('/'),
        };
}
