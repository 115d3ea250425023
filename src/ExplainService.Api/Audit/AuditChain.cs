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
        VerifyAsync(log, new AuditVerdict(0, Beginning, 0, null), null, cancellationToken);

    /// <summary>The same of a part of a log.</summary>
    /// <param name="log">The bytes of the part.</param>
    /// <param name="before">What the parts before were found to be; null: they are not here, and the first line says what they ended with.</param>
    /// <param name="read">Is told the hash of each line.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static async Task<AuditVerdict> VerifyAsync(
        Stream log,
        AuditVerdict? before,
        Action<string>? read,
        CancellationToken cancellationToken
    )
    {
        var (number, previous, length, place) = (before?.Entries ?? AuditVerdict.Any, before?.Last, 0L, 0);
        await foreach (var (line, isWhole) in LinesAsync(log, cancellationToken).ConfigureAwait(false))
        {
            place++;
            var wrong = NoEnd;
            if (isWhole)
            {
                wrong = Fault(line, number == AuditVerdict.Any ? null : number + 1, previous, out var entry);
                number = entry?.Number ?? number;
            }

            if (wrong is not null)
            {
                return new AuditVerdict(
                    Math.Max(0, number),
                    previous ?? Beginning,
                    length,
                    FormattableString.Invariant($"line {place}: {wrong}")
                );
            }

            previous = HashIn(line);
            read?.Invoke(previous);
            length += line.Length + 1;
        }

        return new AuditVerdict(Math.Max(0, number), previous ?? Beginning, length, null);
    }

    /// <summary>What is wrong with a line; null: nothing.</summary>
    /// <param name="line">The line.</param>
    /// <param name="number">The number that it must have; null: any.</param>
    /// <param name="previous">The hash that the line before has; null: any.</param>
    /// <param name="read">What it says, where it is as it was written.</param>
    private static string? Fault(byte[] line, long? number, string? previous, out AuditEntry? read)
    {
        read = null;
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

        if (entry is null || entry.Number != (number ?? entry.Number) || entry.Previous != (previous ?? entry.Previous))
        {
            return FormattableString.Invariant(
                $"it is entry {entry?.Number} and does not follow the line before: lines are missing, added or moved"
            );
        }

        read = entry;
        return null;
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
internal sealed record AuditVerdict(long Entries, string Last, long Length, string? Fault)
{
    /// <summary>How many there are is not known.</summary>
    public const long Any = -1;
}
