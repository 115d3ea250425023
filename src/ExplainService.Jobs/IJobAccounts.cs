using ExplainService.Runtime;

namespace ExplainService.Jobs;

/// <summary>Whom the rows of jobs are charged to.</summary>
public interface IJobAccounts
{
    /// <summary>The account of whoever posted a job.</summary>
    WorkAccount Of(string owner);

    /// <summary>Whether more of their jobs may be begun now.</summary>
    bool HasRoom(string owner);
}
