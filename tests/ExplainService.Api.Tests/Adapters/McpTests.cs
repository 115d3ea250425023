using ExplainService.Api.Tests.Access;
using ExplainService.Api.Tests.Fakes;
using ModelContextProtocol.Protocol;

namespace ExplainService.Api.Tests.Adapters;

/// <summary>The Model Context Protocol, asked by its own client over the test host.</summary>
public sealed class McpTests(Service service) : IClassFixture<Service>
{
    private const string Text = "A gripping film, and a warm one.";

    [Fact]
    public async Task An_assistant_finds_the_four_tools()
    {
        await using var client = await service.McpAsync();

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["compare", "counterfactual", "explain", "predict"], tools.Select(tool => tool.Name).Order());
        Assert.All(tools, tool => Assert.Contains("text", tool.JsonSchema.GetProperty("required").Texts()));
        Assert.Equal("explain-service", client.ServerInfo?.Name);
    }

    [Fact]
    public async Task A_prediction_is_told_in_words_and_as_JSON()
    {
        var native = await service.AskAsync("/predict", new { text = Text });

        var result = await CallAsync("predict", ("text", Text));

        Assert.StartsWith("minilm-sst2 says: positive (0.9", Texts(result)[0], StringComparison.Ordinal);
        PeerAnswers.AssertSame(
            native.GetProperty("prediction").GetProperty("labels").Numbers("probability"),
            Asking.Parse(Texts(result)[1]).GetProperty("prediction").GetProperty("labels").Numbers("probability")
        );
    }

    [Theory]
    [InlineData("/shap")]
    [InlineData("/occlusion")]
    public async Task An_explanation_has_the_scores_of_the_native_endpoint_and_a_picture(string endpoint)
    {
        var native = await service.AskAsync(endpoint, new { text = Text });

        var result = await CallAsync("explain", ("text", Text), ("endpoint", endpoint));

        PeerAnswers.AssertSame(
            native.GetProperty("units").Numbers("score"),
            Asking.Parse(Texts(result)[1]).GetProperty("units").Numbers("score")
        );
        Assert.Contains(" gripping", Texts(result)[0], StringComparison.Ordinal);
        var picture = Assert.Single(result.Content.OfType<ImageContentBlock>());
        Assert.Equal("image/png", picture.MimeType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture.DecodedData.ToArray()[..4]);
    }

    [Fact]
    public async Task A_picture_can_be_left_out()
    {
        var result = await CallAsync("explain", ("text", "not bad"), ("picture", false), ("endpoint", "occlusion"));

        Assert.Empty(result.Content.OfType<ImageContentBlock>());
    }

    [Fact]
    public async Task A_counterfactual_is_the_native_one()
    {
        const string Mixed = "The acting was terrible but the music is absolutely wonderful.";
        var native = await service.AskAsync("/counterfactual", new { text = Mixed });

        var result = await CallAsync("counterfactual", ("text", Mixed), ("picture", false));

        var texts = native.GetProperty("counterfactuals").Texts("text").ToArray();
        Assert.NotEmpty(texts);
        Assert.Equal(texts, Asking.Parse(Texts(result)[1]).GetProperty("counterfactuals").Texts("text"));
    }

    [Fact]
    public async Task A_comparison_recommends()
    {
        var result = await CallAsync(
            "compare",
            ("text", "not bad"),
            ("methods", new object[] { new { endpoint = "/occlusion" }, new { endpoint = "/shap" } }),
            ("picture", false)
        );

        Assert.True(Asking.Parse(Texts(result)[1]).TryGetProperty("recommendation", out _));
    }

    [Theory]
    [InlineData("text", "", "text")]
    [InlineData("model", "no-such-model", "no-such-model")]
    [InlineData("typo", "x", "typo")]
    [InlineData("endpoint", "/attention", "/shap")]
    [InlineData("picture", "yes", "picture")]
    public async Task What_is_wrong_is_told_to_the_assistant(string field, string value, string told)
    {
        (string, object)[] arguments = field == "text" ? [(field, value)] : [("text", "a"), (field, value)];

        var result = await CallAsync("explain", isError: true, arguments);

        Assert.Contains(told, Assert.Single(Texts(result)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": "no/such"}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "no-such"}}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "explain"}}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "explain", "arguments": {"text": "\ud83d"}}}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "explain", "arguments": []}}""")]
    public async Task No_message_is_a_fault_of_the_service(string message)
    {
        var (status, answer) = await service.SendAsync("/mcp", message, headers: ("Accept", "application/json, text/event-stream"));

        Assert.InRange(status, 200, 499);
        Assert.DoesNotContain("The service failed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_apply()
    {
        await using var guarded = new GuardedService([
            .. TestKeys.Settings(0, "ann"),
            .. TestKeys.Settings(1, "bob", ("Scopes", "metrics")),
        ]);

        await Assert.ThrowsAnyAsync<Exception>(() => guarded.McpAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => guarded.McpAsync("bob"));
        await using var client = await guarded.McpAsync("ann");
        Assert.Equal(4, (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_key_has_its_models_and_its_budget_and_what_is_masked_no_tool_tells()
    {
        await using var own = new OwnModels(
            ["own", "other"],
            [("Privacy:Redact", "Wombat"), .. TestKeys.Settings(0, "ann", ("Models", "own"), ("EvaluationsPerHour", "12"))]
        );
        await using var client = await own.McpAsync("ann");

        var others = await AskAsync("other");
        Assert.True(others.IsError);
        Assert.Contains("may not use the model", Texts(others)[0], StringComparison.Ordinal);
        var told = await AskAsync("own");
        Assert.False(told.IsError == true, Texts(told)[0]);
        Assert.DoesNotContain(Texts(told), text => text.Contains("ombat", StringComparison.OrdinalIgnoreCase));
        CallToolResult last;
        do
        {
            last = await AskAsync("own");
        } while (last.IsError != true);

        Assert.Contains("12 evaluations of the hour", Texts(last)[0], StringComparison.Ordinal);

        async Task<CallToolResult> AskAsync(string model) =>
            await client.CallToolAsync(
                "explain",
                new Dictionary<string, object?>
                {
                    ["text"] = "a good Wombat film",
                    ["model"] = model,
                    ["endpoint"] = "/occlusion",
                },
                cancellationToken: TestContext.Current.CancellationToken
            );
    }

    private Task<CallToolResult> CallAsync(string tool, params (string Name, object Value)[] arguments) =>
        CallAsync(tool, isError: false, arguments);

    private async Task<CallToolResult> CallAsync(string tool, bool isError, (string Name, object Value)[] arguments)
    {
        await using var client = await service.McpAsync();
        var result = await client.CallToolAsync(
            tool,
            arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.True((result.IsError == true) == isError, Texts(result)[0]);
        return result;
    }

    private static string[] Texts(CallToolResult result) => [.. result.Content.OfType<TextContentBlock>().Select(block => block.Text)];
}
