namespace ExplainService.Protocol.Problems;

/// <summary>The request is refused for what it is in HTTP: its size, its media type, the form that it wants.</summary>
/// <param name="status">403, 406, 408, 413, 415, 503, 504.</param>
/// <param name="detail">Why.</param>
public class RefusedRequestException(int status, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;
}
