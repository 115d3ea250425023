using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Targets;

/// <summary>
/// The span of the context (<c>pair</c>) that answers a question (<c>text</c>). The target is a span of tokens, or its start or end alone;
/// left out, the best valid span. <c>against</c> is another span, of the same parts.
/// </summary>
public sealed class QuestionAnsweringAdapter : ITaskAdapter
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.QuestionAnswering;

    /// <inheritdoc/>
    /// <remarks>The best valid span has the strongest start and the strongest end, as a rule.</remarks>
    public ForeseenTarget? Foresee(TaskInput task)
    {
        TargetFields.Allow(task.Request.Target, "span");
        if (task.Request.Pair is null || task.Input.Windows is not [var encoding])
        {
            return null;
        }

        var span = task.Request.Target?.Span is { } given ? Checked(given, task.Input.Tokens.Count) : null;
        int[] columns = span is null ? [GradientRow.Predicted, GradientRow.Predicted] : [span.Start ?? -1, span.End ?? -1];
        return new ForeseenTarget(InputWindow.RowOf(encoding), columns, task.Request.Objective ?? Objective.Probability, Link.Softmax);
    }

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        TargetFields.Allow(task.Request.Target, "span");
        if (task.Request.Pair is null)
        {
            throw InvalidRequestException.CannotDo(
                "pair",
                "This model answers questions; \"text\" is the question and \"pair\" the context that holds the answer."
            );
        }

        var input = task.Input;
        var rows = input.Windows.Select(InputWindow.RowOf).ToArray();
        var logits = await task
            .Model.Runner.PredictAsync(rows, task.Work, cancellationToken)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var found = Spans(task, logits);
        var target = task.Request.Target?.Span is { } span
            ? Checked(span, input.Tokens.Count)
            : new SpanRequest { Start = found[0].Start, End = found[0].End };
        var against = Against(task, target);
        var window = WindowOf(target, against, logits, input.Windows);
        int[] reads = [.. new[] { target.Start is null ? -1 : 0, target.End is null ? -1 : 1 }.Where(read => read >= 0)];
        var function = new TargetFunction(
            Contrast.ObjectiveOf(task.Request, Objective.Probability),
            Link.Softmax,
            [new TargetOutput(reads, Columns(target)) { Against = against is null ? null : Columns(against) }]
        );
        return new ResolvedTarget(
            new Prediction
            {
                Text = Text(input, found[0].Start, found[0].End),
                Span = Answer(input, found[0].Start, found[0].End),
                Probability = found[0].Probability,
                Spans =
                [
                    .. found.Select(one => new SpanPrediction(
                        Text(input, one.Start, one.End),
                        Answer(input, one.Start, one.End),
                        one.Logit,
                        one.Probability
                    )),
                ],
            },
            new TargetAnswer { Span = target, Text = TargetText(input, target) },
            function,
            [new InputWindow(input.Windows[window], rows[window], function) { ClassesArePositions = true }]
        )
        {
            Against = against is null ? null : new TargetAnswer { Span = against, Text = TargetText(input, against) },
        };

        int[] Columns(SpanRequest span) => [.. new[] { span.Start, span.End }.OfType<int>().Select(input.Windows[window].PositionOf)];
    }

    /// <summary>The span that the target is compared with, part by part; null: none.</summary>
    private static SpanRequest? Against(TaskInput task, SpanRequest target)
    {
        if (task.Request.Against is not { } against)
        {
            return null;
        }

        TargetFields.Allow(against, ["span"], Contrast.Field);
        if (against.Span is not { } named)
        {
            throw InvalidRequestException.CannotDo(Contrast.Field, "What the target is compared with is a \"span\" here.");
        }

        var span = Checked(named, task.Input.Tokens.Count, Contrast.Field + ".span");
        return (span.Start is null) == (target.Start is null) && (span.End is null) == (target.End is null)
            ? span
            : throw InvalidRequestException.CannotDo(
                Contrast.Field + ".span",
                "A start is compared with a start and an end with an end; give both spans the same parts."
            );
    }

    /// <summary>The strongest spans over all windows, in tokens of the whole input.</summary>
    private static IReadOnlyList<FoundSpan> Spans(TaskInput task, List<Logits> logits)
    {
        var best = new Dictionary<(int, int), FoundSpan>();
        for (var window = 0; window < logits.Count; window++)
        {
            var encoding = task.Input.Windows[window];
            foreach (var span in SpanSearch.Best(logits[window], encoding, task.TopK))
            {
                var whole = span with { Start = encoding.SourceOf(span.Start), End = encoding.SourceOf(span.End) };
                if (!best.TryGetValue((whole.Start, whole.End), out var other) || other.Logit < whole.Logit)
                {
                    best[(whole.Start, whole.End)] = whole;
                }
            }
        }

        return best.Count > 0
            ? [.. best.Values.OrderByDescending(span => span.Logit).Take(task.TopK)]
            : throw InvalidRequestException.CannotDo("pair", "The model sees no token of the context.");
    }

    private static SpanRequest Checked(SpanRequest span, int tokens, string name = "target.span")
    {
        if (span.Start is null && span.End is null)
        {
            throw InvalidRequestException.Malformed(name, "must have start, end or both");
        }

        foreach (var (field, token) in new[] { (name + ".start", span.Start), (name + ".end", span.End) })
        {
            if (token < 0 || token >= tokens)
            {
                throw InvalidRequestException.CannotDo(
                    field,
                    FormattableString.Invariant($"There is no token {token}; \"tokens\" has 0 to {tokens - 1}.")
                );
            }
        }

        return span.Start > span.End ? throw InvalidRequestException.CannotDo(name, "The span ends before it starts.") : span;
    }

    /// <summary>Of the windows that hold the span (and what it is compared with) the one where it is the strongest.</summary>
    private static int WindowOf(SpanRequest span, SpanRequest? against, List<Logits> logits, IReadOnlyList<Encoding> windows)
    {
        double Logit(int window) =>
            (span.Start is { } start ? logits[window][0][windows[window].PositionOf(start)] : 0)
            + (span.End is { } end ? logits[window][1][windows[window].PositionOf(end)] : 0);

        bool Holds(int window, int? token) => token is not { } named || windows[window].PositionOf(named) >= 0;

        int[] holding =
        [
            .. Enumerable
                .Range(0, logits.Count)
                .Where(window => new[] { span.Start, span.End, against?.Start, against?.End }.All(token => Holds(window, token))),
        ];
        return holding.Length > 0
            ? holding.MaxBy(Logit)
            : throw InvalidRequestException.CannotDo(
                "target.span",
                against is null ? "No window of the text holds the whole span." : "No window of the text holds both spans."
            );
    }

    private static SpanAnswer Answer(PreparedInput input, int start, int end)
    {
        var (from, to) = Range(input, start, end);
        return new SpanAnswer
        {
            StartToken = start,
            EndToken = end,
            Start = input.Offsets.Of(1, from),
            End = input.Offsets.Of(1, to),
        };
    }

    private static string Text(PreparedInput input, int start, int end)
    {
        var (from, to) = Range(input, start, end);
        return input.Pair![from..to];
    }

    /// <summary>Where a span of the context is in it; tokens of byte-level vocabularies begin with the space before them.</summary>
    private static (int From, int To) Range(PreparedInput input, int start, int end)
    {
        var (from, to) = (input.Tokens.Tokens[start].Start, input.Tokens.Tokens[end].End);
        return (WhiteSpace.Skip(input.Pair!, from, to), to);
    }

    private static string? TargetText(PreparedInput input, SpanRequest span)
    {
        var (first, last) = (span.Start ?? span.End!.Value, span.End ?? span.Start!.Value);
        return input.Tokens.Tokens[first].Sequence == 1 && input.Tokens.Tokens[last].Sequence == 1 ? Text(input, first, last) : null;
    }
}
