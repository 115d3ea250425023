using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Saliency;

/// <summary>Every algorithm of <c>/saliency</c>: a new file is among them without being registered anywhere.</summary>
public sealed class SaliencyAlgorithms : IChoices
{
    private static readonly SortedDictionary<string, ISaliencyAlgorithm> ByName = new(
        typeof(ISaliencyAlgorithm)
            .Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(ISaliencyAlgorithm)))
            .Select(type => (ISaliencyAlgorithm)Activator.CreateInstance(type)!)
            .ToDictionary(algorithm => algorithm.Name),
        StringComparer.Ordinal
    );

    private SaliencyAlgorithms() { }

    /// <inheritdoc/>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyCollection<ISaliencyAlgorithm> All => ByName.Values;

    /// <summary>The one that a request names; without a name integrated gradients.</summary>
    public static ISaliencyAlgorithm Of(SaliencyRequest request) => ByName[request.Method?.Name ?? IntegratedGradients.AlgorithmName];
}
