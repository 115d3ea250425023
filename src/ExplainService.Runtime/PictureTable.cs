using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ExplainService.Runtime;

/// <summary>
/// What the ids of a row of a picture stand for, as a vocabulary's table does for those of a text: versions of one picture, each cut into
/// the same pieces. A row says of every piece which version it shows, so that thousands of rows hold a few pictures.
/// </summary>
/// <remarks>
/// Id v below the number of versions is the piece's own place in version v. Where pieces are the patches, id n + t is token t's pixels as
/// sent, wherever it stands.
/// </remarks>
public sealed class PictureTable : IEquatable<PictureTable>
{
    private readonly IReadOnlyList<Lazy<float[]>> versions;
    private readonly int[]? pieces;
    private readonly Lazy<byte[]> hash;

    /// <param name="shape">How the model takes pictures.</param>
    /// <param name="versions">
    /// The picture as sent, then its replacements, as <see cref="PictureShape.Arrange"/> lays them out.
    /// </param>
    /// <param name="pieces">
    /// Of every pixel of the sequence the piece that it belongs to, −1: none, which keeps it as sent; null: pieces are the sequence's tokens.
    /// </param>
    public PictureTable(PictureShape shape, IReadOnlyList<float[]> versions, int[]? pieces = null)
        : this(shape, [.. (versions ?? []).Select(version => new Lazy<float[]>(version))], pieces, null)
    {
        if (versions!.Any(version => version.Length != shape.Sequence * shape.TokenSize))
        {
            throw new ArgumentException("A version is not of the model's shape.", nameof(versions));
        }
    }

    /// <param name="shape">How the model takes pictures.</param>
    /// <param name="versions">The same, each made when it is first shown.</param>
    /// <param name="pieces">As above.</param>
    /// <param name="recipe">
    /// What tells tables with the same picture and the same pieces apart; null: the versions themselves, which are then made at once.
    /// </param>
    public PictureTable(PictureShape shape, IReadOnlyList<Lazy<float[]>> versions, int[]? pieces, string? recipe)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentOutOfRangeException.ThrowIfZero(versions.Count, nameof(versions));

        if (pieces is not null && pieces.Length != shape.Sequence * shape.TokenPixels)
        {
            throw new ArgumentException("The pieces are not those of the sequence's pixels.", nameof(pieces));
        }

        (Shape, this.versions, this.pieces) = (shape, versions, pieces);
        Pieces = pieces is null ? shape.Sequence : pieces.Max() + 1;
        hash = new Lazy<byte[]>(() => Hash(recipe));
    }

    /// <summary>How the model takes pictures.</summary>
    public PictureShape Shape { get; }

    /// <summary>What a model of pictures and texts compares the picture with; null: a model of pictures alone.</summary>
    public OtherSide? Beside { get; init; }

    /// <summary>Pieces of the picture, which is how many ids a row has.</summary>
    public int Pieces { get; }

    /// <summary>Ids are below it.</summary>
    public int Ids => versions.Count + (pieces is null ? Shape.Sequence : 0);

    /// <summary>Bytes that it holds.</summary>
    public long Bytes => sizeof(float) * (((long)versions.Count * Shape.Sequence * Shape.TokenSize) + (pieces?.Length ?? 0));

    /// <summary>A version's numbers, [sequence × token's pixels × channels].</summary>
    public ReadOnlySpan<float> Version(int version) => versions[version].Value;

    /// <summary>The id of a token's pixels as sent, for it to stand elsewhere.</summary>
    public int Elsewhere(int token) => versions.Count + token;

    /// <summary>The row of the picture in one version.</summary>
    public TokenRow Row(int version = 0)
    {
        var ids = new int[Pieces];
        Array.Fill(ids, version);
        return new TokenRow { Ids = ids, Picture = this };
    }

    /// <summary>Writes the numbers that a row shows.</summary>
    /// <param name="ids">The row's ids.</param>
    /// <param name="numbers">[sequence × token's pixels × channels].</param>
    public void Fill(ReadOnlySpan<int> ids, Span<float> numbers)
    {
        var size = pieces is null ? Shape.TokenSize : Shape.Channels;
        var count = pieces?.Length ?? Shape.Sequence;
        for (var part = 0; part < count; part++)
        {
            var piece = pieces is null ? part : pieces[part];
            var id = piece < 0 ? 0 : ids[piece];
            var (version, at) = id < versions.Count ? (id, part) : (0, id - versions.Count);
            versions[version].Value.AsSpan(at * size, size).CopyTo(numbers.Slice(part * size, size));
        }
    }

    /// <inheritdoc/>
    public bool Equals(PictureTable? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Pieces == other.Pieces && hash.Value.AsSpan().SequenceEqual(other.hash.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PictureTable);

    /// <inheritdoc/>
    public override int GetHashCode() => MemoryMarshal.Read<int>(hash.Value);

    private byte[] Hash(string? recipe)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var version in recipe is null ? versions : versions.Take(1))
        {
            sum.AppendData(MemoryMarshal.AsBytes<float>(version.Value));
        }

        sum.AppendData(MemoryMarshal.AsBytes<char>(recipe ?? ""));
        sum.AppendData(MemoryMarshal.AsBytes<int>(pieces ?? []));
        sum.AppendData(Beside is null ? [] : Beside.Hash);
        return sum.GetHashAndReset();
    }
}
