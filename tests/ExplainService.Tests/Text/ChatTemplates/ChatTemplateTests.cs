using ExplainService.Text.ChatTemplates;
using Xunit;

namespace ExplainService.Tests.Text.ChatTemplates;

/// <summary>The templates of well-known families, and where each content stands in what they write.</summary>
public sealed class ChatTemplateTests
{
    private const string ChatMl =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private const string Qwen =
        "{%- if tools %}\n    {{- '<|im_start|>system\\n' }}\n{%- else %}\n    {%- if messages[0].role == 'system' %}\n        {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}\n    {%- else %}\n        {{- '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}\n    {%- endif %}\n{%- endif %}\n{%- for message in messages %}\n    {%- if (message.role == \"user\") or (message.role == \"system\" and not loop.first) or (message.role == \"assistant\" and not message.tool_calls) %}\n        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n";

    private const string Qwen3 =
        "{%- set ns = namespace(multi_step_tool=true, last_query_index=messages|length - 1) %}\n{%- for message in messages[::-1] %}\n    {%- set index = (messages|length - 1) - loop.index0 %}\n    {%- if ns.multi_step_tool and message.role == \"user\" and message.content is string and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}\n        {%- set ns.multi_step_tool = false %}\n        {%- set ns.last_query_index = index %}\n    {%- endif %}\n{%- endfor %}\n{%- for message in messages %}\n    {%- if message.content is string %}\n        {%- set content = message.content %}\n    {%- else %}\n        {%- set content = '' %}\n    {%- endif %}\n    {%- if message.role == 'assistant' %}\n        {%- if '</think>' in content %}\n            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}\n        {%- endif %}\n    {%- endif %}\n    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n    {%- if enable_thinking is defined and enable_thinking is false %}\n        {{- '<think>\\n\\n</think>\\n\\n' }}\n    {%- endif %}\n{%- endif %}";

    private const string Llama3 =
        "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}";

    private const string Mistral =
        "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}";

    private const string Gemma =
        "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}{% else %}{% set role = message['role'] %}{% endif %}{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}";

    private const string Phi =
        "{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}";

    private const string Zephyr =
        "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}";

    public static TheoryData<string, string> Families =>
        new()
        {
            {
                ChatMl,
                "<|im_start|>user\nHi  there <|im_end|>\n<|im_start|>assistant\nYes?<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"
            },
            {
                Qwen,
                "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nHi  there <|im_end|>\n<|im_start|>assistant\nYes?<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"
            },
            {
                Qwen3,
                "<|im_start|>user\nHi  there <|im_end|>\n<|im_start|>assistant\nYes?<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n"
            },
            {
                Llama3,
                "<s><|start_header_id|>user<|end_header_id|>\n\nHi  there<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nYes?<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"
            },
            { Mistral, "<s>[INST] Hi  there  [/INST]Yes?</s>[INST] Why? [/INST]" },
            {
                Gemma,
                "<s><start_of_turn>user\nHi  there<end_of_turn>\n<start_of_turn>model\nYes?<end_of_turn>\n<start_of_turn>user\nWhy?<end_of_turn>\n<start_of_turn>model\n"
            },
            { Phi, "<|user|>\nHi  there <|end|>\n<|assistant|>\nYes?<|end|>\n<|user|>\nWhy?<|end|>\n<|assistant|>\n" },
            { Zephyr, "<|user|>\nHi  there </s>\n<|assistant|>\nYes?</s>\n<|user|>\nWhy?</s>\n<|assistant|>\n" },
        };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_s_prompt_is_as_transformers_writes_it(string template, string expected)
    {
        var prompt = Render(template, ("user", "Hi  there "), ("assistant", "Yes?"), ("user", "Why?"));
        Assert.Equal(expected, prompt.Text);
        foreach (var (index, message) in prompt.Messages.Index())
        {
            var content = message.Content.Trim();
            var at = prompt.Text.IndexOf(content, StringComparison.Ordinal);
            Assert.Equal((index, 0, content.Length), prompt.SourceOf(at, at + content.Length));
        }

        Assert.Null(prompt.SourceOf(0, prompt.Text.IndexOf("Hi", StringComparison.Ordinal)));
        Assert.Equal([0, 0, 0], prompt.LeftOut());
    }

    [Fact]
    public void What_a_template_says_itself_is_no_content_even_where_a_message_says_the_same()
    {
        var prompt = Render(ChatMl, ("user", "user"), ("user", "assistant\n"));
        var first = prompt.Text.IndexOf("user", StringComparison.Ordinal);
        Assert.Null(prompt.SourceOf(first, first + 4));
        Assert.Equal((0, 0, 4), prompt.SourceOf(first + 5, first + 9));
        Assert.Null(prompt.SourceOf(prompt.Text.Length - 10, prompt.Text.Length));
    }

    [Fact]
    public void Offsets_are_those_of_the_content_whatever_the_template_does_to_it()
    {
        var trimmed = Render(Llama3, ("user", "  one two\n"), ("assistant", ""), ("user", "three"));
        var two = trimmed.Text.IndexOf("two", StringComparison.Ordinal);
        Assert.Equal((0, 6, 9), trimmed.SourceOf(two, two + 3));
        var three = trimmed.Text.IndexOf("three", StringComparison.Ordinal);
        Assert.Equal((2, 0, 5), trimmed.SourceOf(three, three + 5));

        var thought = Render(Qwen3, ("user", "q"), ("assistant", "<think>hm</think>\n\nanswer"), ("user", "r"));
        var answer = thought.Text.IndexOf("answer", StringComparison.Ordinal);
        Assert.Equal((1, 19, 25), thought.SourceOf(answer, answer + 6));
        Assert.Equal([0, 17, 0], thought.LeftOut());

        var quoted = Render("{{ messages[0].content|tojson }}{{ messages[0].role|upper }}", ("user", "a\"b"));
        Assert.Equal("\"a\\\"b\"USER", quoted.Text);
        Assert.Equal((0, 0, 3), quoted.SourceOf(0, 6));
    }

    [Fact]
    public void A_template_says_why_it_takes_no_such_messages()
    {
        var error = Assert.Throws<ExplainService.Text.ChatTemplateException>(() => Render(Gemma, ("system", "be kind")));
        Assert.Contains("System role not supported", error.Message, StringComparison.Ordinal);
        var secret = Assert.Throws<ExplainService.Text.ChatTemplateException>(() =>
            Render("{{ raise_exception('No: ' + messages[0].content) }}", ("user", "secret"))
        );
        Assert.DoesNotContain("secret", secret.Message, StringComparison.Ordinal);
        Assert.Throws<ExplainService.Text.ChatTemplateException>(() =>
            Render("{{ messages[0].content }}{{ messages[0].content }}", ("user", "twice"))
        );
    }

    private static ChatPrompt Render(string template, params (string Role, string Content)[] messages) =>
        new ChatTemplate(template, new Dictionary<string, string> { ["bos_token"] = "<s>", ["eos_token"] = "</s>" }).Render(
            [.. messages.Select(message => new ChatMessage(message.Role, message.Content))],
            DateTimeOffset.UnixEpoch
        );
}
