using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Keys and values of a few token sequences, the least recently used out first, bounded in bytes. Thread-safe.</summary>
/// <param name="capacityBytes">The most that they may hold; one is kept whatever its size.</param>
internal sealed class PrefixCache(long capacityBytes)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Entry> entries = [];
    private long bytes;

    /// <summary>How many of the first tokens, at most <paramref name="limit"/>, are known.</summary>
    public int Known(ReadOnlySpan<int> ids, int limit)
    {
        lock (gate)
        {
            var best = 0;
            foreach (var entry in entries)
            {
                best = Math.Max(best, entry.Ids.AsSpan().CommonPrefixLength(ids[..limit]));
            }

            return best;
        }
    }

    /// <summary>The cache of the first <paramref name="length"/> tokens, a copy of its own; null where they are not known.</summary>
    public TokenCache? Take(ReadOnlySpan<int> ids, int length)
    {
        lock (gate)
        {
            for (var node = entries.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Ids.AsSpan().CommonPrefixLength(ids[..length]) < length)
                {
                    continue;
                }

                entries.Remove(node);
                entries.AddLast(node);
                return node.Value.Slice(length);
            }

            return null;
        }
    }

    /// <summary>Keeps a copy.</summary>
    public void Add(int[] ids, TokenCache cache)
    {
        var entry = new Entry(
            ids,
            [.. cache.Values.Select(value => value.GetTensorDataAsSpan<float>().ToArray())],
            [.. cache.Values.Select(value => value.GetTensorTypeAndShape().Shape)]
        );
        lock (gate)
        {
            entries.AddLast(entry);
            bytes += entry.Bytes;
            while (bytes > capacityBytes && entries.Count > 1)
            {
                bytes -= entries.First!.Value.Bytes;
                entries.RemoveFirst();
            }
        }
    }

    private sealed record Entry(int[] Ids, float[][] Values, long[][] Dims)
    {
        public long Bytes => Values.Sum(values => 4L * values.Length);

        public TokenCache Slice(int length)
        {
            OrtValue[] parts = [.. Values.Select((values, i) => Slice(values, Dims[i], i % 2 == 0 ? 3 : 2, length))];
            return new TokenCache(length, parts, new DisposableList<OrtValue>(parts));
        }

        /// <summary>Keys have their tokens on the last axis, values on the one before.</summary>
        private static OrtValue Slice(float[] values, long[] dims, int axis, int length)
        {
            var (tokens, inner) = ((int)dims[axis], axis == 3 ? 1 : (int)dims[3]);
            var part = new float[values.Length / tokens * length];
            for (var line = 0; line < values.Length / (tokens * inner); line++)
            {
                values.AsSpan(line * tokens * inner, length * inner).CopyTo(part.AsSpan(line * length * inner));
            }

            return OrtValue.CreateTensorValueFromMemory(
                part,
                [dims[0], dims[1], axis == 2 ? length : dims[2], axis == 3 ? length : dims[3]]
            );
        }
    }
}
