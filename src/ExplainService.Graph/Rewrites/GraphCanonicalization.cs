namespace ExplainService.Graph.Rewrites;

/// <summary>
/// What every graph goes through after it was read: current operators, folded constants, no branch that is decided already.
/// </summary>
public static class GraphCanonicalization
{
    /// <summary>Rewrites in place.</summary>
    /// <exception cref="GraphFormatException">
    /// The operators are of a version that cannot be raised, or the graph contradicts itself.
    /// </exception>
    public static void Apply(ModelGraph graph) =>
        GraphGuard.Run(
            "folding its constants",
            () =>
            {
                RaiseOpset.Apply(graph);
                AddSkipNormBeta.Apply(graph);
                FoldConstants.Apply(graph);
                // A branch may decide another one.
                while (InlineDecidedIf.Apply(graph))
                {
                    FoldConstants.Apply(graph);
                }

                return graph;
            }
        );
}
