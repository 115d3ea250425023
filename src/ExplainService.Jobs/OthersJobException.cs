using ExplainService.Protocol.Problems;

namespace ExplainService.Jobs;

/// <summary>404 to whoever asks; the operator may know that the job is there, and somebody else's.</summary>
/// <param name="detail">What whoever asks is told.</param>
public sealed class OthersJobException(string detail) : RefusedRequestException(404, detail);
