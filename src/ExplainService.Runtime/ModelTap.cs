using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime;

/// <summary>
/// Values inside a model that a run hands out: which they are, and what they are for each row. Two taps that are equal share a form and
/// their batches.
/// </summary>
/// <typeparam name="TResult">What is read of one row.</typeparam>
public abstract record ModelTap<TResult>
    where TResult : class
{
    /// <summary>What a model must allow for it.</summary>
    internal abstract ModelFeature Feature { get; }

    /// <summary>The values in the graph.</summary>
    internal abstract GraphTap Values { get; }

    /// <summary>Whether results of late are kept: small ones that requests ask for again and again.</summary>
    internal virtual bool IsKept => false;

    /// <summary>One row's part of a batch's values, without padding.</summary>
    /// <param name="row">The row.</param>
    /// <param name="number">Its place in the batch.</param>
    /// <param name="values">What the form of <see cref="Values"/> gave out, in the order of its outputs.</param>
    internal abstract TResult ResultOf(TokenRow row, int number, IReadOnlyList<OrtValue> values);

    /// <summary>A result as plain numbers, to compare rows alone with the same rows in a batch.</summary>
    internal abstract float[] NumbersOf(TResult result);
}
