using System.CommandLine;

namespace ExplainService.Api.CommandLine;

/// <summary>What the program does instead of serving.</summary>
internal static class Commands
{
    /// <summary>Runs a command.</summary>
    /// <param name="args">All arguments, the command's name first.</param>
    /// <param name="build">The service with some settings, not started.</param>
    /// <returns>The exit code; null where the arguments name no command, and the service is meant.</returns>
    public static Task<int>? TryRunAsync(string[] args, Func<IReadOnlyDictionary<string, string?>, WebApplication> build)
    {
        if (args is not [AuditCommand.Name or AuditLogCommand.Name or KeysCommand.Name, ..])
        {
            return null;
        }

        return new RootCommand("Explains the predictions of language models")
        {
            AuditCommand.Create(build),
            AuditLogCommand.Create(),
            KeysCommand.Create(),
        }
            .Parse(args)
            .InvokeAsync();
    }
}
