using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs;

/// <summary>What callers of jobs are refused with.</summary>
internal static class JobRefusals
{
    private const string Missing = "There is no such job.";

    /// <summary>404.</summary>
    public static RefusedRequestException NotFound() => new(404, Missing);

    /// <summary>404: whoever asks is told no more of a job of somebody else than of one that there is not.</summary>
    public static OthersJobException OfSomebodyElse() => new(Missing);

    /// <summary>409: what is asked does not go with the state of the job.</summary>
    /// <param name="detail">Why, in a sentence.</param>
    public static RefusedRequestException Conflict(string detail) => new(409, detail);
}
