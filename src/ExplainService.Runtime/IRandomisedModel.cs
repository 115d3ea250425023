namespace ExplainService.Runtime;

/// <summary>A model whose top layers were drawn anew, in memory alone; freed when disposed of.</summary>
public interface IRandomisedModel : IAsyncDisposable
{
    /// <summary>It answers as any other does.</summary>
    ILoadedModel Model { get; }
}
