using System.Text;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>
/// Whatever comes to an endpoint of another service's protocol: it is answered, or refused in the protocol's own form with the status that its
/// clients expect, and never a fault of the service.
/// </summary>
public sealed class PeerRefusalTests(Service service) : IClassFixture<Service>
{
    private static readonly string[] Bodies =
    [
        "",
        " ",
        "null",
        "0",
        "\"a\"",
        "[]",
        "{}",
        "{",
        "{\"instances\": null}",
        "{\"instances\": {}}",
        "{\"instances\": [null]}",
        "{\"instances\": [[]]}",
        "{\"instances\": [\"\"]}",
        "{\"instances\": [{\"text\": 1}]}",
        "{\"instances\": [{\"text\": \"a\", \"model\": \"x\"}]}",
        "{\"instances\": [\"a\"], \"instances\": [\"b\"]}",
        "{\"instances\": [\"a\"], \"parameters\": []}",
        "{\"instances\": [\"a\"], \"parameters\": {\"endpoint\": \"/attention\"}}",
        "{\"instances\": [\"a\"], \"parameters\": {\"endpoint\": null}}",
        "{\"instances\": [\"a\"], \"parameters\": {\"target\": {\"label\": \"no such\"}}}",
        "{\"instances\": [\"\\ud83d\"]}",
        "{\"inputs\": []}",
        "{\"inputs\": [null]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [2], \"datatype\": \"BYTES\", \"data\": [\"a\"]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [9223372036854775807, 2], \"datatype\": \"BYTES\", \"data\": [\"a\"]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [1]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [{}]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"%\"], \"parameters\": {\"content_type\": \"base64\"}}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"a\"], \"parameters\": {\"content_type\": {}}}]}",
        "{\"inputs\": [{\"name\": \"\\ud83d\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"a\"]}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"a\"]}], \"outputs\": [{\"name\": \"x\"}]}",
        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"a\"]}], \"parameters\": {\"binary_data_output\": true}}",
        "{\"model\": \"gpt-reviews\"}",
        "{\"model\": null, \"prompt\": \"a\"}",
        "{\"model\": \"\", \"prompt\": \"a\"}",
        "{\"model\": \"gpt-reviews\", \"prompt\": null}",
        "{\"model\": \"gpt-reviews\", \"prompt\": []}",
        "{\"model\": \"gpt-reviews\", \"prompt\": [1, 2]}",
        "{\"model\": \"gpt-reviews\", \"prompt\": \"\"}",
        "{\"model\": \"gpt-reviews\", \"prompt\": \"a\", \"logprobs\": 1e400}",
        "{\"model\": \"gpt-reviews\", \"prompt\": \"\\ud83d\"}",
        "{\"data\": 1}",
        "{\"data\": [\"a\"]}",
        "{\"text\": \"a\", \"target\": 99}",
        "{\"text\": \"a\", \"target\": []}",
        "{\"text\": \"\\ud83d\"}",
        "{\"features\": [\"a\", \"b\"]}",
        "{\"features\": {}}",
        "{\"text\": null}",
        new string('[', 100),
        "{\"instances\": " + new string('[', 100) + new string(']', 100) + "}",
    ];

    public static TheoryData<string> Calls => new(PeerCalls.Names);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task No_body_is_a_fault_of_the_service(string name)
    {
        foreach (var body in Bodies)
        {
            var (path, _, type) = PeerCalls.Of(name, "minilm-sst2", "a");
            var (status, answer) = await service.SendAsync(path, body, type);

            // A few are requests of one protocol or the other.
            Assert.True(status is 200 or 400 or 404, $"{path} {body}: {status} {answer}");
            if (status != 200)
            {
                Assert.NotEmpty(PeerCalls.Refusal(name, status, answer));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_model_that_there_is_not_is_not_found(string name)
    {
        var (path, body, type) = PeerCalls.Of(name, "no-such-model", "a film");

        var (status, answer) = await service.SendAsync(path, body, type);

        Assert.Equal(404, status);
        Assert.Contains("no-such-model", PeerCalls.Refusal(name, status, answer), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_text_over_the_models_limit_is_refused_rather_than_cut_in_silence(string name)
    {
        var model = name == "/v1/completions" ? "gpt-reviews" : "minilm-sst2";
        var (path, body, type) = PeerCalls.Of(name, model, string.Concat(Enumerable.Repeat("long ", 5000)));

        var (status, answer) = await service.SendAsync(path, body, type);

        Assert.Equal(400, status);
        Assert.Contains("tokens", PeerCalls.Refusal(name, status, answer), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_body_over_the_limit_is_too_large(string name)
    {
        var (path, body, type) = PeerCalls.Of(name, "minilm-sst2", new string('a', 5 << 20));

        var (status, answer) = await service.SendAsync(path, body, type);

        Assert.Equal(413, status);
        Assert.NotEmpty(PeerCalls.Refusal(name, status, answer));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Bytes_that_are_no_text_are_malformed(string name)
    {
        var (path, _, type) = PeerCalls.Of(name, "minilm-sst2", "a");
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{\"text\": \""), 0xFF, 0xC3, (byte)'"', (byte)'}']);
        content.Headers.ContentType = new(type);

        using var answer = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("UTF-8", PeerCalls.Refusal(name, 400, text), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Another_content_type_is_refused_where_the_protocol_has_one(string name)
    {
        var (path, body, _) = PeerCalls.Of(name, "minilm-sst2", "a");

        var (status, answer) = await service.SendAsync(path, body, "application/xml");

        // TorchServe takes the bytes of a file, whatever they are said to be.
        Assert.Equal(
            name.StartsWith("/predictions", StringComparison.Ordinal) || name.StartsWith("/explanations", StringComparison.Ordinal)
                ? 200
                : 415,
            status
        );
        if (status != 200)
        {
            Assert.NotEmpty(PeerCalls.Refusal(name, status, answer));
        }
    }
}
