using System.CommandLine;
using ExplainService.Api.Audit;

namespace ExplainService.Api.CommandLine;

/// <summary><c>audit-log verify FILE</c>: whether an audit log is what was written.</summary>
internal static class AuditLogCommand
{
    /// <summary>What the command line begins with.</summary>
    public const string Name = "audit-log";

    /// <summary>The command. Its exit code is 0 where the log is whole, else 1.</summary>
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The log" };
        var last = new Option<string?>("--last")
        {
            Description = "The hash that the log once ended with, kept elsewhere: it must be in it still",
        };
        var after = new Option<string?>("--after") { Description = "The last hash of the parts before, where these are kept elsewhere" };
        var verify = new Command(
            "verify",
            "Finds the first line that was changed, removed, added or moved, in the log and the parts of it that were put aside"
        )
        {
            file,
            last,
            after,
        };
        verify.SetAction(
            async (parsed, stop) =>
            {
                var (output, errors) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                try
                {
                    var path = parsed.GetRequiredValue(file).FullName;
                    var parts = AuditParts.Of(path);
                    var verdict = await AuditParts
                        .VerifyAsync(parts.Count > 0 ? parts : [path], parsed.GetValue(after), parsed.GetValue(last), stop)
                        .ConfigureAwait(false);
                    if (verdict.Fault is { } fault)
                    {
                        await errors.WriteLineAsync(fault).ConfigureAwait(false);
                        return 1;
                    }

                    await output
                        .WriteLineAsync(
                            FormattableString.Invariant($"{verdict.Entries} entries are as they were written; the last has the hash")
                        )
                        .ConfigureAwait(false);
                    await output.WriteLineAsync(verdict.Last).ConfigureAwait(false);
                    return 0;
                }
                catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
                {
                    await errors.WriteLineAsync(closed.Message).ConfigureAwait(false);
                    return 1;
                }
            }
        );
        return new Command(Name, "The audit log") { verify };
    }
}
