namespace ExplainService.Graph;

/// <summary>What a graph's inputs take, told by the names that exporters give them.</summary>
public static class InputNames
{
    /// <summary>Whether the input takes segment ids.</summary>
    public static bool IsSegmentIds(string name) => name.EndsWith("token_type_ids", StringComparison.Ordinal) || name == "segment_ids";
}
