namespace ExplainService.Graph.Rewrites.Decompose;

/// <summary>
/// What a fused or quantised operator computes, in plain float operators that have gradient rules. A new file that implements this is
/// found without being registered anywhere.
/// </summary>
internal interface IRewrite
{
    /// <summary>The operators that it replaces.</summary>
    IEnumerable<(string Domain, string Op)> Operators { get; }

    /// <summary>Emits the replacement and gives its outputs to the step; false: this use of the operator stays as it is.</summary>
    bool Apply(RewriteStep step);
}
