using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ExplainService.Runtime;

/// <summary>
/// What a row of a model of pictures and texts is compared with: the embeddings that the model makes of labels, where the row is a picture,
/// or of a picture, where it is a text. Compared by content: rows beside different ones share no batch.
/// </summary>
public sealed class OtherSide : IEquatable<OtherSide>
{
    private readonly float[] numbers;
    private readonly byte[] hash;

    /// <param name="embeddings">As many numbers each.</param>
    public OtherSide(params IReadOnlyList<float[]> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentOutOfRangeException.ThrowIfZero(embeddings.Count, nameof(embeddings));
        if (embeddings.Any(embedding => embedding.Length != embeddings[0].Length))
        {
            throw new ArgumentException("The embeddings are of different sizes.", nameof(embeddings));
        }

        (Count, numbers) = (embeddings.Count, [.. embeddings.SelectMany(embedding => embedding)]);
        hash = SHA256.HashData(MemoryMarshal.AsBytes<float>(numbers));
    }

    /// <summary>How many embeddings.</summary>
    public int Count { get; }

    /// <summary>Numbers of each.</summary>
    public int Size => numbers.Length / Count;

    /// <summary>One after the other, [count × size].</summary>
    public ReadOnlySpan<float> Numbers => numbers;

    /// <summary>What tells it apart.</summary>
    internal ReadOnlySpan<byte> Hash => hash;

    /// <inheritdoc/>
    public bool Equals(OtherSide? other) =>
        ReferenceEquals(this, other) || (other is not null && Count == other.Count && Hash.SequenceEqual(other.Hash));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OtherSide);

    /// <inheritdoc/>
    public override int GetHashCode() => MemoryMarshal.Read<int>(hash);
}
