namespace ExplainService.Protocol.Lines;

/// <summary>What one stream of lines may take.</summary>
/// <param name="LineBytes">The longest line; a longer one is answered 413.</param>
/// <param name="Window">Lines that are worked on at once.</param>
/// <param name="ReadAheadBytes">Bytes of lines that are read ahead of their turn.</param>
/// <param name="MaxWait">How long a line is tried again where the queue is full.</param>
/// <param name="MaxIdle">How long a stream may be without a line, where none is being answered.</param>
/// <param name="MinBytesPerSecond">A line that comes at this rate may take longer.</param>
public sealed record LineLimits(int LineBytes, int Window, int ReadAheadBytes, TimeSpan MaxWait, TimeSpan MaxIdle, int MinBytesPerSecond);
