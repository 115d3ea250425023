using System.Text.Json;
using ExplainService.Jobs.Inputs;

namespace ExplainService.Jobs.Work;

/// <summary>Lines of results by the numbers of their rows.</summary>
internal static class ResultRows
{
    /// <summary>The lines after a row.</summary>
    public static ReadOnlyMemory<byte> After(ReadOnlyMemory<byte> lines, long row)
    {
        var start = 0;
        foreach (var line in Segments.Lines(lines))
        {
            if (Number(line.Span) > row)
            {
                break;
            }

            start += line.Length + 1;
        }

        return lines[Math.Min(start, lines.Length)..];
    }

    /// <summary>The number of a line's row, which every line begins with.</summary>
    public static long Number(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        reader.Read();
        reader.Read();
        return reader.GetInt64();
    }
}
