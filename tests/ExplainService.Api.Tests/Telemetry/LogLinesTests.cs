using System.Text;
using ExplainService.Api.Telemetry;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Telemetry;

/// <summary>A log that nobody reads holds nobody.</summary>
public sealed class LogLinesTests
{
    [Fact]
    public async Task Lines_are_written_in_order()
    {
        using var output = new StringWriter();
        using (var lines = new LogLines(output))
        {
            lines.Add("one\n");
            lines.Add("two\n");
            await Patience.UntilAsync(() => output.ToString().Length == 8);
            Assert.Equal(0, lines.Dropped);
        }

        Assert.Equal("one\ntwo\n", output.ToString());
    }

    [Fact]
    public void What_a_full_pipe_does_not_take_is_dropped_and_counted()
    {
        using var pipe = new FullPipe();
        using var lines = new LogLines(pipe);

        for (var line = 0; line < LogLines.Most + 100; line++)
        {
            lines.Add("x\n");
        }

        // One more than the queue holds may be on its way.
        Assert.InRange(lines.Dropped, 99, 100);
        pipe.Dispose();
    }

    /// <summary>Takes nothing until it is closed.</summary>
    private sealed class FullPipe : TextWriter
    {
        private bool closed;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value) => SpinWait.SpinUntil(() => Volatile.Read(ref closed));

        protected override void Dispose(bool disposing)
        {
            Volatile.Write(ref closed, true);
            base.Dispose(disposing);
        }
    }
}
