using System.Globalization;

namespace ExplainService.Api.Audit;

/// <summary>
/// The parts of an audit log: what was put aside, named by its first entry (<c>audit.000000000001.ndjson</c>), and the file that is appended to.
/// </summary>
internal static class AuditParts
{
    private const int Digits = 12;

    /// <summary>All of them, in their order; the last is the file itself, if there is one.</summary>
    public static IReadOnlyList<string> Of(string path) => [.. Aside(path), .. File.Exists(path) ? [path] : Array.Empty<string>()];

    /// <summary>Those that were put aside.</summary>
    public static IReadOnlyList<string> Aside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return !Directory.Exists(folder)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(folder, $"{Path.GetFileNameWithoutExtension(path)}.*{Path.GetExtension(path)}")
                    .Where(part => IsPart(part, path))
                    .Order(StringComparer.Ordinal),
            ];
    }

    /// <summary>What a part is called whose first entry has a number.</summary>
    public static string Name(string path, long first) =>
        Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            $"{Path.GetFileNameWithoutExtension(path)}.{first.ToString("D" + Digits, CultureInfo.InvariantCulture)}{Path.GetExtension(path)}"
        );

    /// <summary>Reads all parts of a log as one, and says what is wrong with the first line that is.</summary>
    /// <param name="parts">The parts, in their order.</param>
    /// <param name="after">The hash of the entry before the first, where the parts before that are elsewhere; null: there are none.</param>
    /// <param name="once">A hash that the log once ended with, which its end can be cut off without a trace in the rest; null: none is known.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static async Task<AuditVerdict> VerifyAsync(
        IReadOnlyList<string> parts,
        string? after,
        string? once,
        CancellationToken cancellationToken
    )
    {
        var isMissing = once is not null;
        var verdict = new AuditVerdict(0, after ?? AuditChain.Beginning, 0, null);
        foreach (var (index, part) in parts.Index())
        {
            var file = new FileStream(part, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var opened = file.ConfigureAwait(false);
            var before = index == 0 && after is not null ? verdict with { Entries = AuditVerdict.Any } : verdict;
            verdict = await AuditChain.VerifyAsync(file, before, Seen, cancellationToken).ConfigureAwait(false);
            if (verdict.Fault is { } fault)
            {
                return parts.Count == 1 ? verdict : verdict with { Fault = $"{Path.GetFileName(part)}: {fault}" };
            }
        }

        return isMissing
            ? verdict with
            {
                Fault = FormattableString.Invariant(
                    $"line {verdict.Entries + 1}: the line with the hash that the log once ended with is missing"
                ),
            }
            : verdict;

        void Seen(string hash) => isMissing = isMissing && hash != once;
    }

    private static bool IsPart(string part, string path)
    {
        var name = Path.GetFileName(part);
        var (stem, end) = (Path.GetFileNameWithoutExtension(path) + ".", Path.GetExtension(path));
        return name.Length == stem.Length + Digits + end.Length && name.AsSpan(stem.Length, Digits).IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
