using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Protocol.Lines;

/// <summary>Who answers the requests of a stream's lines.</summary>
public interface ILineAnswerer
{
    /// <summary>A line as it is to be read: before anything of it is.</summary>
    ReadOnlyMemory<byte> Received(ReadOnlyMemory<byte> line) => line;

    /// <summary>Answers the request of one line; what it throws becomes the line's problem.</summary>
    /// <param name="request">The request.</param>
    /// <param name="line">Where it stands in the stream.</param>
    /// <param name="clock">What may end it; the client of a line has left when the stream has ended.</param>
    Task<Explanation> AnswerAsync(ExplainRequest request, LineWork line, RequestClock clock);

    /// <summary>A line has its answer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="failure">What its problem says; null where it was answered.</param>
    void Answered(LineWork line, Exception? failure);
}
