namespace ExplainService.Runtime;

/// <summary>
/// One unpadded input of a model: the unit of work that the scheduler batches with others of its kind. What it holds is its kind's matter:
/// tokens of a text are one.
/// </summary>
/// <remarks>Rows are compared by content, so that identical ones are computed once.</remarks>
public abstract class ModelRow : IEquatable<ModelRow>
{
    /// <summary>What the model computes for this row, without padding: tokens, where it is made of them.</summary>
    public abstract int Length { get; }

    /// <inheritdoc/>
    public abstract bool Equals(ModelRow? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ModelRow);

    /// <inheritdoc/>
    public abstract override int GetHashCode();
}
