using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ExplainService.Protocol.Lines;

/// <summary>Cuts a stream of bytes into lines.</summary>
internal static class LineReader
{
    /// <summary>The lines that are not blank, in order; without bytes one that is over the limit, whose bytes are never held.</summary>
    /// <param name="reader">The stream.</param>
    /// <param name="limit">The longest line.</param>
    /// <param name="idle">Ends a stream that nothing comes of.</param>
    /// <param name="cancellationToken">The stream has ended.</param>
    public static async IAsyncEnumerable<LineWork> ReadAsync(
        PipeReader reader,
        int limit,
        IdleWatch idle,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var skipping = false;
        var (number, held) = (0, 0L);
        while (true)
        {
            var result = await idle.ReadAsync(reader, held, cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            while (TryCut(ref buffer, out var line))
            {
                number++;
                if (skipping || line.Length > limit)
                {
                    skipping = false;
                    yield return new LineWork(null) { Number = number };
                }
                else if (!IsBlank(line))
                {
                    yield return new LineWork(line.ToArray()) { Number = number };
                }
            }

            if (result.IsCompleted)
            {
                number++;
                if (skipping || buffer.Length > limit)
                {
                    yield return new LineWork(null) { Number = number };
                }
                else if (!IsBlank(buffer))
                {
                    yield return new LineWork(buffer.ToArray()) { Number = number };
                }

                reader.AdvanceTo(buffer.End);
                yield break;
            }

            skipping |= buffer.Length > limit;
            held = skipping ? held + result.Buffer.Length : buffer.Length;

            if (skipping)
            {
                reader.AdvanceTo(buffer.End);
            }
            else
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
