using ExplainService.Text;
using ExplainService.Text.ChatTemplates.Jinja;
using Xunit;

namespace ExplainService.Tests.Text.ChatTemplates;

/// <summary>The subset of Jinja that chat templates are written in, as Python's Jinja renders it with Transformers' settings.</summary>
public sealed class JinjaTests
{
    private static readonly DateTimeOffset Now = new(2024, 7, 6, 15, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("a{{ 1 + 2 * 3 }}b", "a7b")]
    [InlineData("{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 / 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 2 ** 10 }}", "3 -4 3.5 1 2 1024")]
    [InlineData("{{ 'a' + 'b' ~ 1 ~ none ~ true }}", "ab1NoneTrue")]
    [InlineData("{{ 'a' 'b' }}{{ \"q\\\"\\n\" }}", "abq\"\n")]
    [InlineData("{{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }} {{ not 1 == 2 }} {{ 1 in [1, 2] }} {{ 'x' not in 'abc' }}", "True False True True True")]
    [InlineData("{{ 'yes' if n == 2 else 'no' }}{{ 'gone' if false }}", "yes")]
    [InlineData("{{ list[0] }}{{ list[-1] }}{{ list[1:]|join('+') }}{{ list[::-1]|join }}{{ list[:-1]|length }}", "acb+ccba2")]
    [InlineData("{{ 'hello'[1:3] }}{{ 'hello'[-1] }}{{ 'hello'[::2] }}", "elohlo")]
    [InlineData("{{ map.x }}{{ map['y'] }}{{ map.z is defined }}{{ map.get('z', 5) }}", "12False5")]
    [InlineData("{% for k, v in map.items() %}{{ k }}={{ v }};{% endfor %}", "x=1;y=2;")]
    [InlineData("{% for i in list %}{{ loop.index }}{{ i }}{{ ',' if not loop.last }}{% endfor %}", "1a,2b,3c")]
    [InlineData("{% for i in list if i != 'b' %}{{ loop.index0 }}{{ i }}{% endfor %}", "0a1c")]
    [InlineData("{% for i in [] %}x{% else %}none{% endfor %}", "none")]
    [InlineData(
        "{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "02"
    )]
    [InlineData("{% for i in list %}{{ loop.previtem }}{{ loop.nextitem }}{% endfor %}", "bacb")]
    [InlineData("{% set x = 1 %}{% for i in list %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% set ns = namespace(x=1) %}{% for i in list %}{% set ns.x = ns.x + 1 %}{% endfor %}{{ ns.x }}", "4")]
    [InlineData("{% set a, b = 1, 2 %}{{ b }}{{ a }}", "21")]
    [InlineData("{% set x %}in {{ n }}{% endset %}{{ x|upper }}", "IN 2")]
    [InlineData("{% if n == 1 %}a{% elif n == 2 %}b{% else %}c{% endif %}", "b")]
    [InlineData(
        "{% macro greet(who, mark='!') %}hi {{ who }}{{ mark }}{% endmacro %}{{ greet('you') }}{{ greet('me', mark='?') }}",
        "hi you!hi me?"
    )]
    [InlineData("{{ '  x '|trim }}|{{ ' x '.lstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'a\nb'.split('\n')|last }}", "x|x |a|b")]
    [InlineData("{{ 'a</t>b</t>c'.split('</t>')[-1] }}{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith(('x', 'c')) }}", "cTrueTrue")]
    [InlineData(
        "{{ 'a b  c'.split()|join('-') }} {{ 'a-b-c'.rsplit('-', 1)|first }} {{ 'aXbXc'.replace('X', '_', 1) }}",
        "a-b-c a-b a_bXc"
    )]
    [InlineData(
        "{{ gone }}|{{ gone|default('d') }}|{{ ''|default('e', true) }}|{{ gone is defined }}|{{ none is none }}",
        "|d|e|False|True"
    )]
    [InlineData("{{ map|tojson }} {{ [1, 2.5, 'ä\n\"', none, true]|tojson }}", "{\"x\": 1, \"y\": 2} [1, 2.5, \"ä\\n\\\"\", null, true]")]
    [InlineData("{{ map|tojson(indent=2) }}", "{\n  \"x\": 1,\n  \"y\": 2\n}")]
    [InlineData("{{ rows|map(attribute='r')|join(',') }} {{ rows|selectattr('r', 'equalto', 'u')|list|length }}", "s,u,u 2")]
    [InlineData(
        "{{ (rows|rejectattr('r', '==', 'u')|list)[0]['r'] }} {{ [0, 1, 2]|select|list|length }} {{ ['a']|map('upper')|first }}",
        "s 2 A"
    )]
    [InlineData(
        "{{ 'x' is string }} {{ map is mapping }} {{ list is iterable }} {{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ 1 is number }}",
        "True True True True True True"
    )]
    [InlineData("{{ strftime_now('%d %b %Y') }} {{ strftime_now('%B %-d, %H:%M') }}", "06 Jul 2024 July 6, 15:04")]
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc", "a\n  b\nc")]
    [InlineData("a {%- if true -%} b {%- endif %} c", "ab c")]
    [InlineData("a {{- ' b ' -}} c", "a b c")]
    [InlineData("x {# none #} y\n{# line #}\nz\n", "x  y\nz")]
    [InlineData("{{ '}}' }}{{ {'a': {'b': 1}}['a']['b'] }}{{ '%}' }}", "}}1%}")]
    [InlineData("{%+ if true %}  x{% endif +%}\ny", "  x\ny")]
    [InlineData("{% generation %}x{% endgeneration %}{% filter upper %}y{% endfilter %}", "xY")]
    [InlineData("{{ 'ab'|first }}{{ 'abc'|reverse }}{{ '3'|int + 1 }}{{ -3|abs }}", "acba43")]
    public void A_template_renders_as_jinja_has_it(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{% include 'x' %}", "the block \"include\"")]
    [InlineData("{% call x() %}{% endcall %}", "the block \"call\"")]
    [InlineData("{{ 'x'|md5 }}", "the filter \"md5\"")]
    [InlineData("{{ 1 is prime }}", "the test \"prime\"")]
    [InlineData("{{ 'x'.encode() }}", "the method \"encode\"")]
    [InlineData("{{ '%s' % 1 }}", "\"%\" on a text")]
    [InlineData("{{ list.append(1) }}", "\"append\", which changes a list")]
    public void What_is_not_supported_is_named(string template, string named)
    {
        var error = Assert.Throws<ChatTemplateException>(() => Render(template));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("does not support", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ 1 +")]
    [InlineData("{{ x")]
    [InlineData("{% if x %}")]
    [InlineData("{% endif %}")]
    [InlineData("{% for in x %}{% endfor %}")]
    [InlineData("{{ gone.x }}")]
    [InlineData("{{ 1 / 0 }}")]
    [InlineData("{{ n() }}")]
    [InlineData("{{ 1 < 'a' }}")]
    [InlineData("{% set n.x = 1 %}")]
    [InlineData("{{ 'a' + 1 }}")]
    [InlineData("{{ ')' ) }}")]
    public void What_is_wrong_is_an_error_of_the_template(string template) => Assert.Throws<ChatTemplateException>(() => Render(template));

    [Fact]
    public void A_refusal_is_the_template_s_own_word()
    {
        var error = Assert.Throws<ChatTemplateException>(() => Render("{{ raise_exception('Roles must alternate.') }}"));
        Assert.Equal("The chat template refuses these messages: Roles must alternate.", error.Message);
    }

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in range(1000000000) %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{{ 'ab' * 100000000 }}")]
    [InlineData("{{ ('ab' * 1000000) * 1000000 }}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData(
        "{% set ns = namespace(x=[]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x == ns.x }}{{ ns.x|tojson }}"
    )]
    [InlineData("{% set big = range(100000) %}{% for i in range(100000) %}{{ -1 in big }}{% endfor %}")]
    [InlineData("{{ range(90000)|unique|list|length }}")]
    public void Templates_that_would_take_for_ever_end(string template) => Assert.Throws<ChatTemplateException>(() => Render(template));

    [Fact]
    public void Nested_templates_end_too()
    {
        Assert.Throws<ChatTemplateException>(() => Render("{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}"));
        Assert.Throws<ChatTemplateException>(() => Render("{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 100_000)) + " }}"));
        Assert.Equal("True", Render("{{ " + string.Concat(Enumerable.Repeat("not ", 1900)) + "1 }}"));
        Assert.Throws<ChatTemplateException>(() =>
            Render(string.Concat(Enumerable.Repeat("{% if true %}", 5000)) + string.Concat(Enumerable.Repeat("{% endif %}", 5000)))
        );
    }

    [Fact]
    public void Rendering_stops_when_nobody_waits()
    {
        using var left = new CancellationTokenSource();
        left.Cancel();
        var template = JinjaTemplate.Parse("{% for i in range(50000) %}{{ i }}{% endfor %}");
        Assert.Throws<OperationCanceledException>(() => template.Render(new Dictionary<string, object?>(), Now, left.Token));
    }

    private static string Render(string template) =>
        JinjaTemplate
            .Parse(template)
            .Render(
                new Dictionary<string, object?>
                {
                    ["n"] = 2L,
                    ["list"] = new List<object?> { TracedText.Own("a"), TracedText.Own("b"), TracedText.Own("c") },
                    ["map"] = new JinjaMap { ["x"] = 1L, ["y"] = 2L },
                    ["rows"] = new[] { "s", "u", "u" }.Select(role => (object?)new JinjaMap { ["r"] = TracedText.Own(role) }).ToList(),
                },
                Now,
                CancellationToken.None
            )
            .Text;
}
