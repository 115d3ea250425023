using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime.Models;

/// <summary>The texts of a model that compares them with pictures; it is there as long as the whole.</summary>
/// <param name="whole">The model.</param>
/// <param name="runner">Runs its texts.</param>
internal sealed class TextSide(LoadedModel whole, ModelRunner runner) : ILoadedModel
{
    /// <inheritdoc/>
    public ModelDescription Description => runner.Model;

    /// <inheritdoc/>
    public Tokenizer Tokenizer => whole.Read.Tokenizer;

    /// <inheritdoc/>
    public IModelRunner Runner => runner;

    /// <inheritdoc/>
    public IDisposable? TryHold() => whole.TryHold();
}
