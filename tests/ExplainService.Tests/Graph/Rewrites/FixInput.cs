using ExplainService.Graph;
using ExplainService.Graph.Rewrites;

namespace ExplainService.Tests.Graph.Rewrites;

/// <summary>Makes a constant of an input that steers a graph, such as <c>use_cache_branch</c> of a merged decoder.</summary>
internal static class FixInput
{
    /// <summary>The input is gone, and so are the branches that it chose between.</summary>
    /// <param name="graph">Rewritten in place.</param>
    /// <param name="input">An input of type bool or int64.</param>
    /// <param name="value">Its value; for bool 0 or 1. Every element of the input has it; open sizes become 1.</param>
    /// <exception cref="ArgumentException">There is no such input, or it holds other things.</exception>
    public static void Apply(ModelGraph graph, string input, long value)
    {
        var info =
            graph.Inputs.Find(candidate => candidate.Name == input)
            ?? throw new ArgumentException($"The graph has no input '{input}'.", nameof(input));
        long[] dims = [.. (info.Dims ?? []).Select(dim => dim.Value ?? 1)];
        var count = Weight.CountOf(dims);
        graph.Inputs.Remove(info);
        graph.Add(
            info.Type switch
            {
                ElementType.Bool => Weight.Adopt(input, dims, Enumerable.Repeat(value != 0, (int)count).ToArray()),
                ElementType.Int64 => Weight.Adopt(input, dims, Enumerable.Repeat(value, (int)count).ToArray()),
                _ => throw new ArgumentException($"Input '{input}' holds {info.Type}, not bool or int64.", nameof(input)),
            }
        );
        GraphCanonicalization.Apply(graph);
    }
}
