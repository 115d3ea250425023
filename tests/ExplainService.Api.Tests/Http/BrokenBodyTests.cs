using System.Net.Sockets;
using System.Text;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Http;

/// <summary>Bodies that break off, or that HTTP cannot read.</summary>
public sealed class BrokenBodyTests
{
    [Theory]
    [InlineData("zz")]
    [InlineData("-1")]
    [InlineData("ffffffff")]
    [InlineData("fffffffffffffffff")]
    public async Task A_bad_size_of_a_chunk_is_a_400(string size)
    {
        await using var service = new FakeService();
        using var socket = await ConnectAsync(service);
        await SendAsync(socket, $"{Head}Transfer-Encoding: chunked\r\n\r\n{size}\r\n");
        using var reader = new StreamReader(socket.GetStream());

        Assert.StartsWith("HTTP/1.1 400", await reader.ReadLineAsync().WaitAsync(Patience.Ample), StringComparison.Ordinal);
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task A_client_that_resets_in_mid_body_is_no_fault_of_the_service(string type)
    {
        await using var service = new FakeService();
        using (var socket = await ConnectAsync(service))
        {
            await SendAsync(
                socket,
                Head.Replace("application/json", type, StringComparison.Ordinal) + "Content-Length: 100\r\n\r\n{\"text\""
            );
            await Patience.UntilAsync(() => service.Services.GetService(typeof(Limits.Readiness)) is Limits.Readiness { Running: > 0 });
            // Closing without lingering sends a reset.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await service.Logs.WaitForAsync("/predict", "ElapsedMs");
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("Exception", StringComparison.Ordinal));
        Assert.DoesNotContain(service.Logs.Lines, line => line.Contains("\"Status\":500", StringComparison.Ordinal));
    }

    private const string Head = "POST /predict HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";

    private static async Task<TcpClient> ConnectAsync(FakeService service)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        return socket;
    }

    private static ValueTask SendAsync(TcpClient socket, string text) => socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
