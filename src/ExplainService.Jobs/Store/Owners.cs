using System.Diagnostics;
using System.Globalization;

namespace ExplainService.Jobs.Store;

/// <summary>Names of workers: machine, process, and what tells a process from an earlier one with its number.</summary>
internal static class Owners
{
    /// <summary>The name of a new worker of this process.</summary>
    public static string New() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");

    /// <summary>Whether a worker of this machine is certainly dead. Of other machines nothing is known.</summary>
    public static bool IsDead(string owner, string self)
    {
        var (theirs, own) = (owner.Split('/'), self.Split('/'));
        if (theirs.Length != 3 || theirs[0] != own[0] || owner == self)
        {
            return false;
        }

        // In a container every first process has the number 1.
        return theirs[1] == own[1] || !IsRunning(theirs[1]);
    }

    private static bool IsRunning(string number)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(number, CultureInfo.InvariantCulture));
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception unknown) when (unknown is InvalidOperationException or System.ComponentModel.Win32Exception or FormatException)
        {
            return true;
        }
    }
}
