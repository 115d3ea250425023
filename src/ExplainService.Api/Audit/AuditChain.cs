using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ExplainService.Api.Audit;

/// <summary>
/// Lines chained by hashes: each holds the hash of the one before, and its own, which is that of all else that it holds. Whoever changes,
/// removes, adds or moves one would have to write anew all that follow.
/// </summary>
internal static class AuditChain
{
    /// <summary>What the first line holds of the one before.</summary>
    public static readonly string Beginning = new('0', HashLength);

    /// <summary>What is wrong with a line that was broken off.</summary>
    public const string NoEnd = "it has no end";

    private const int HashLength = 64;
    private const string HashField = ",\"hash\":\"";
    private const string End = "\"}";

    private static readonly int TailLength = HashField.Length + HashLength + End.Length;

    /// <summary>A line, with its line break.</summary>
    /// <param name="entry">What it says.</param>
    /// <param name="number">Its number.</param>
    /// <param name="previous">The hash of the one before.</param>
    /// <param name="hash">Its own hash.</param>
    public static byte[] Line(AuditEntry entry, long number, string previous, out string hash)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(entry with { Number = number, Previous = previous }, AuditJson.Default.AuditEntry);
        hash = HashOf(body);
        return [.. body[..^1], .. Encoding.ASCII.GetBytes(HashField + hash + End + "\n")];
    }

    /// <summary>Reads the lines of a log, and says what is wrong with the first that is.</summary>
    /// <param name="log">The bytes of the log.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static Task<AuditVerdict> VerifyAsync(Stream log, CancellationToken cancellationToken) =>
        VerifyAsync(log, null, cancellationToken);

    /// <summary>The same of a log that once ended with a hash: its end can be cut off without a trace in the rest.</summary>
    /// <param name="log">The bytes of the log.</param>
    /// <param name="once">The hash; null: none is known.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static async Task<AuditVerdict> VerifyAsync(Stream log, string? once, CancellationToken cancellationToken)
    {
        var isMissing = once is not null;
        var (number, previous, length) = (0L, Beginning, 0L);
        await foreach (var (line, isWhole) in LinesAsync(log, cancellationToken).ConfigureAwait(false))
        {
            number++;
            var wrong = isWhole ? Fault(line, number, previous) : NoEnd;
            if (wrong is not null)
            {
                return new AuditVerdict(number - 1, previous, length, FormattableString.Invariant($"line {number}: {wrong}"));
            }

            previous = HashIn(line);
            isMissing = isMissing && previous != once;
            length += line.Length + 1;
        }

        return new AuditVerdict(
            number,
            previous,
            length,
            isMissing
                ? FormattableString.Invariant($"line {number + 1}: the line with the hash that the log once ended with is missing")
                : null
        );
    }

    private static string? Fault(byte[] line, long number, string previous)
    {
        if (line.Length <= TailLength || !HasTail(line))
        {
            return "it is no line of an audit log";
        }

        byte[] body = [.. line.AsSpan(0, line.Length - TailLength), (byte)'}'];
        if (HashOf(body) != HashIn(line))
        {
            return "it was changed";
        }

        AuditEntry? entry;
        try
        {
            entry = JsonSerializer.Deserialize(body, AuditJson.Default.AuditEntry);
        }
        catch (JsonException)
        {
            return "it is no line of an audit log";
        }

        return entry?.Number != number || entry.Previous != previous
            ? FormattableString.Invariant(
                $"it is entry {entry?.Number} and does not follow the line before: lines are missing, added or moved"
            )
            : null;
    }

    private static bool HasTail(byte[] line)
    {
        var tail = line.AsSpan(line.Length - TailLength);
        return tail.StartsWith(Encoding.ASCII.GetBytes(HashField)) && tail.EndsWith(Encoding.ASCII.GetBytes(End));
    }

    private static string HashIn(byte[] line) => Encoding.ASCII.GetString(line, line.Length - End.Length - HashLength, HashLength);

    private static string HashOf(byte[] body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static async IAsyncEnumerable<(byte[] Line, bool IsWhole)> LinesAsync(
        Stream log,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var line = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = await log.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0; )
        {
            for (var start = 0; start < read; )
            {
                var end = Array.IndexOf(buffer, (byte)'\n', start, read - start);
                line.Write(buffer, start, (end < 0 ? read : end) - start);
                start = end < 0 ? read : end + 1;
                if (end >= 0)
                {
                    yield return (line.ToArray(), true);
                    line.SetLength(0);
                }
            }
        }

        if (line.Length > 0)
        {
            yield return (line.ToArray(), false);
        }
    }
}

/// <summary>What a log is found to be.</summary>
/// <param name="Entries">Lines that are as they were written, from the first.</param>
/// <param name="Last">The hash of the last of them.</param>
/// <param name="Length">How many bytes they are.</param>
/// <param name="Fault">What is wrong with the next; null: there is none, or nothing.</param>
internal sealed record AuditVerdict(long Entries, string Last, long Length, string? Fault);
