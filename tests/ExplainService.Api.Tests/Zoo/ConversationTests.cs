using ExplainService.Goldens;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Occlusion;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>Conversations, for models whose folders say how they are written.</summary>
public sealed class ConversationTests(ConversationTests.Chats service) : IClassFixture<ConversationTests.Chats>
{
    private static readonly object[] Messages =
    [
        new { role = "system", content = "be kind" },
        new { role = "user", content = "  is the film good? \n" },
    ];

    private static readonly string[] Contents = ["be kind", "  is the film good? \n"];

    [Theory]
    [InlineData("chat-file")]
    [InlineData("chat-config")]
    [InlineData("chat-list")]
    [InlineData("chat-json")]
    public async Task The_prompt_is_what_the_folder_s_template_writes(string model)
    {
        var answer = await service.AskAsync<TokenizeAnswer>("/tokenize", new { model, messages = Messages });
        var written = await service.AskAsync<TokenizeAnswer>(
            "/tokenize",
            new
            {
                model = "plain",
                text = "<|begin_of_text|>system: be kind<|end_of_text|>\nuser: is the film good?<|end_of_text|>\nassistant:",
            }
        );
        int[] ids = [.. written.Tokens.Select(token => token.Id)];
        Assert.Equal(ids.SkipWhile((id, index) => index == 0 && id == ids[1]), answer.Tokens.Select(token => token.Id));
        Assert.All(
            answer.Tokens,
            token =>
            {
                Assert.Equal(token.Special, token.Message is null);
                Assert.Equal(token.Special ? "" : Contents[token.Message!.Value][token.Start..token.End], token.Text);
            }
        );
        Assert.Equal("be kind", string.Concat(answer.Tokens.Where(token => token.Message == 0).Select(token => token.Text)).Trim());
    }

    [Theory]
    [MemberData(nameof(CataloguePaths.ScoringUnits), MemberType = typeof(CataloguePaths))]
    public async Task Units_are_what_the_messages_say(string path)
    {
        var answer = await service.AskAsync<UnitExplanation>(
            path,
            new
            {
                model = "chat-file",
                messages = Messages,
                granularity = "word",
            }
        );
        Assert.Equal(
            ["be", "kind", "is", "the", "film", "good", "?"],
            answer.Units.Select(unit => unit.Text.Trim()).Where(text => text.Length > 0)
        );
        Assert.Equal([0, 1], answer.Units.Select(unit => unit.Message!.Value).Distinct());
        Assert.All(answer.Units, unit => Assert.Equal(Contents[unit.Message!.Value][unit.Start..unit.End], unit.Text));
        Assert.All(answer.Units, unit => Assert.Null(unit.In));
        Assert.Contains(answer.Units, unit => unit.Score!.Value != 0);
        Assert.DoesNotContain(answer.Units.SelectMany(unit => unit.Tokens), token => answer.Tokens[token].Special);
    }

    [Fact]
    public async Task Template_tokens_stay_where_they_are()
    {
        // With every unit gone the prompt is the template's own.
        var answer = await service.AskAsync<ShapAnswer>(
            "/shap",
            new
            {
                model = "chat-file",
                messages = Messages,
                replacement = "delete",
                algorithm = "exact",
                granularity = "sentence",
                target = new { token_id = 40 },
            }
        );
        var empty = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "chat-file",
                messages = new object[] { new { role = "system", content = "x" }, new { role = "user", content = "x" } },
                target = new { token_id = 40 },
            }
        );
        Assert.Equal(answer.Value - answer.BaseValue, answer.Units.Sum(unit => unit.Score!.Value), 1e-5);
        Assert.NotNull(empty.Prediction);
        var gradients = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "chat-file",
                messages = Messages,
                steps = 200,
            }
        );
        Assert.InRange(gradients.CompletenessError!.Value, 0, 0.01);
    }

    [Fact]
    public async Task Windows_of_occlusion_span_no_two_messages()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new
            {
                model = "chat-file",
                messages = Messages,
                window = 2,
            }
        );
        Assert.Equal(0, answer.Windows[0].Message);
        Assert.All(answer.Windows, window => Assert.Single(window.Tokens.Select(token => answer.Tokens[token].Message).Distinct()));
    }

    [Fact]
    public async Task Continuations_generations_attention_and_pictures_work_as_of_a_text()
    {
        var said = await service.AskAsync<SaliencyAnswer>(
            "/saliency",
            new
            {
                model = "chat-file",
                messages = Messages,
                method = "input_x_gradient",
                target = new { continuation = " yes" },
            }
        );
        Assert.Equal(" yes", string.Concat(said.Generated!.Select(token => token.Text)));
        var generated = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "chat-file",
                messages = Messages,
                max_new_tokens = 3,
            }
        );
        Assert.NotEmpty(generated.Generated!);
        var attention = await service.AskAsync<AttentionAnswer>(
            "/attention",
            new
            {
                model = "chat-file",
                messages = Messages,
                aggregate = "rollout",
                granularity = "word",
            }
        );
        Assert.Contains(attention.Units!, unit => unit is { Message: 1, Text: "film" or " film" });
        using var content = System.Net.Http.Json.JsonContent.Create(
            new
            {
                model = "chat-file",
                messages = Messages,
                offset_unit = "codepoint",
            }
        );
        using var picture = await service.Client.PostAsync(new Uri("/occlusion?format=svg&view=text", UriKind.Relative), content);
        var drawn = await picture.Content.ReadAsStringAsync();
        Assert.True(picture.IsSuccessStatusCode, drawn);
        Assert.Contains("user:", drawn, StringComparison.Ordinal);
        Assert.Contains("film", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_message_says_in_special_tokens_is_no_unit()
    {
        var answer = await service.AskAsync<OcclusionAnswer>(
            "/occlusion",
            new { model = "chat-file", messages = new[] { new { role = "user", content = "good<|end_of_text|>film" } } }
        );
        Assert.DoesNotContain(answer.Units, unit => unit.Text.Contains("<|", StringComparison.Ordinal));
        var typed = Assert.Single(answer.Tokens, token => token.Text == "<|end_of_text|>");
        Assert.True(typed.Special);
        Assert.Equal((0, 4), (typed.Message, typed.Start));
        var plain = await service.AskAsync<OcclusionAnswer>("/occlusion", new { model = "plain", text = "good<|end_of_text|>film" });
        Assert.DoesNotContain(plain.Units, unit => unit.Text.Contains("<|", StringComparison.Ordinal));
        Assert.True(plain.Tokens.Single(token => token.Text == "<|end_of_text|>").Special);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused_by_name()
    {
        Assert.Equal(["messages"], await service.RefusedFieldsAsync("/predict", new { model = "plain", messages = Messages }));
        var refused = await service.RefuseAsync(
            "/predict",
            new { model = "chat-file", messages = new[] { new { role = "tool", content = "secret" } } }
        );
        Assert.Contains("Only system, user and assistant.", refused.Detail, StringComparison.Ordinal);
        var unsupported = await service.RefuseAsync("/predict", new { model = "chat-odd", messages = Messages });
        Assert.Contains("\"include\"", unsupported.Detail, StringComparison.Ordinal);
        await service.AskAsync<PredictAnswer>("/predict", new { model = "chat-odd", text = "a film" });
        Assert.Equal(["text"], await service.RefusedFieldsAsync("/predict", new { model = "chat-file" }, 400));
        Assert.Equal(
            ["text"],
            await service.RefusedFieldsAsync(
                "/predict",
                new
                {
                    model = "chat-file",
                    text = "a",
                    messages = Messages,
                },
                400
            )
        );
        Assert.Equal(
            ["spans"],
            await service.RefusedFieldsAsync("/shap", new { messages = Messages, spans = new[] { new[] { 0, 1 } } }, 400)
        );
        Assert.Equal(["messages"], await service.RefusedFieldsAsync("/predict", new { messages = Array.Empty<object>() }, 400));
        Assert.Equal(
            ["messages"],
            await service.RefusedFieldsAsync("/predict", new { messages = new[] { new { role = "user", content = " " } } }, 400)
        );
        Assert.Equal(["messages[0].content"], await service.RefusedFieldsAsync("/predict", """{"messages": [{"role": "user"}]}""", 400));
        var long_ = new[] { new { role = "user", content = string.Join(' ', Enumerable.Repeat("film", 200)) } };
        Assert.Equal(["messages"], await service.RefusedFieldsAsync("/predict", new { model = "chat-file", messages = long_ }));
    }

    [Fact]
    public async Task What_a_template_leaves_out_is_said()
    {
        var answer = await service.AskAsync<PredictAnswer>(
            "/predict",
            new
            {
                model = "chat-file",
                messages = new[] { new { role = "assistant", content = "<think>hm</think>good" }, new { role = "user", content = "why?" } },
            }
        );
        Assert.Contains("17 characters of message 0", answer.WarningOf("content_left_out"), StringComparison.Ordinal);
    }

    /// <summary>The zoo's Qwen, with a chat template in each of the places where folders have one.</summary>
    public sealed class Chats : TestHost
    {
        private const string Template = """
            {{- bos_token }}
            {%- for message in messages %}
                {%- if message.role not in ['system', 'user', 'assistant'] %}
                    {{- raise_exception('Only system, user and assistant.') }}
                {%- endif %}
                {%- set content = message.content.split('</think>')[-1] | trim %}
                {{- message.role + ': ' + content + eos_token + '\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- 'assistant:' }}
            {%- endif %}
            """;

        private readonly string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        public Chats()
        {
            var quoted = System.Text.Json.JsonSerializer.Serialize(Template);
            Make("plain");
            File.WriteAllText(Path.Combine(Make("chat-file"), "chat_template.jinja"), Template);
            File.WriteAllText(Path.Combine(Make("chat-json"), "chat_template.json"), $$"""{"chat_template": {{quoted}}}""");
            Config(Make("chat-config"), quoted);
            Config(Make("chat-list"), $$"""[{"name": "tool_use", "template": "x"}, {"name": "default", "template": {{quoted}}}]""");
            File.WriteAllText(Path.Combine(Make("chat-odd"), "chat_template.jinja"), "{% include 'x' %}");
        }

        protected override IEnumerable<(string Key, string Value)> Settings =>
            [("Models:Directory", folder), ("Models:Default", "chat-file")];

        protected override string TemporaryFolder => folder;

        private string Make(string name)
        {
            var (from, to) = (ReferenceData.PathOf("zoo", "qwen3-lm"), Path.Combine(folder, name));
            Directory.CreateDirectory(to);
            foreach (var file in Directory.EnumerateFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }

            return to;
        }

        private static void Config(string model, string template)
        {
            var path = Path.Combine(model, "tokenizer_config.json");
            var text = File.ReadAllText(path).TrimEnd();
            File.WriteAllText(path, text[..^1] + $$""", "chat_template": {{template}}}""");
        }
    }
}
