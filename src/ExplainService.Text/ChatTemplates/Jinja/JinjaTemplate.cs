namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>A template that has been read. Immutable.</summary>
internal sealed class JinjaTemplate
{
    private const int MaxSource = 1_000_000;

    private readonly JinjaStatement body;

    private JinjaTemplate(JinjaStatement body) => this.body = body;

    /// <summary>Reads a template.</summary>
    /// <exception cref="ChatTemplateException">It is not valid, or holds something that is not supported.</exception>
    public static JinjaTemplate Parse(string source) =>
        source.Length <= MaxSource
            ? new JinjaTemplate(new JinjaStatements(JinjaSegments.Cut(source)).ReadAll())
            : throw ChatTemplateException.TooMuch($"is longer than {MaxSource} characters");

    /// <summary>Renders it.</summary>
    /// <param name="variables">By their names.</param>
    /// <param name="now">The time that it may write.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public TracedText Render(IReadOnlyDictionary<string, object?> variables, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var contents = variables
            .Values.OfType<List<object?>>()
            .SelectMany(list => list)
            .OfType<JinjaMap>()
            .Sum(map => map.Values.OfType<TracedText>().Sum(text => text.Length));
        var scope = new JinjaScope(null, new JinjaBudget(contents, now, cancellationToken));
        foreach (var (name, value) in variables)
        {
            scope[name] = value;
        }

        var written = new TracedBuilder();
        body(scope, written);
        return written.ToText();
    }
}
