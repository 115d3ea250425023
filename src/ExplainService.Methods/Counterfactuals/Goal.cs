using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>Whether a changed text has another prediction, and how far it is from that.</summary>
/// <param name="Changed">The prediction is another (the one that is wanted).</param>
/// <param name="Margin">The distance in log-odds, smaller the nearer; below zero on the other side.</param>
internal readonly record struct Verdict(bool Changed, double Margin);

/// <summary>What is to become of the prediction. One for each way in which tasks predict.</summary>
internal abstract class Goal
{
    /// <summary>Tokens that stay whatever happens: what the prediction is of.</summary>
    public virtual IReadOnlySet<int> Kept { get; } = new HashSet<int>();

    /// <summary>What is compared with: the wanted label; null: any other will do.</summary>
    public virtual TargetRequest? Against => null;

    /// <summary>1 where f must fall for the prediction to become another, −1 where it must rise.</summary>
    public virtual int Sign => 1;

    /// <summary>The target whose f holds the prediction as it is, in a changed text; null: there is none left.</summary>
    public abstract TargetRequest? TargetIn(EditedText text, PreparedInput input);

    /// <summary>The target with which <c>/predict</c> shows the same prediction of a changed text; null: without one.</summary>
    public virtual TargetRequest? ShownIn(EditedText text, PreparedInput input) => null;

    /// <summary>Judges what the model says of a changed text.</summary>
    public abstract Verdict Judge(Prediction prediction);

    /// <summary>Log-odds of one probability, finite at its ends.</summary>
    protected static double LogOdds(double probability) => Log(probability) - Log(1 - probability);

    /// <summary>A logarithm that is finite at zero.</summary>
    protected static double Log(double probability) => Math.Log(Math.Max(probability, 1e-300));
}

/// <summary>Another of several classes that exclude each other: labels of a text, the caller's own labels, the next token.</summary>
/// <param name="before">The class that is predicted.</param>
/// <param name="to">The class that is wanted; null: any other.</param>
internal class ClassGoal(int before, int? to) : Goal
{
    /// <summary>The predicted class.</summary>
    protected int Before => before;

    /// <inheritdoc/>
    public override TargetRequest? Against => to is { } wanted ? Named(wanted) : null;

    /// <inheritdoc/>
    public override TargetRequest? TargetIn(EditedText text, PreparedInput input) => Named(before);

    /// <inheritdoc/>
    public override Verdict Judge(Prediction prediction)
    {
        var labels = prediction.Labels!;
        var wanted = to ?? before;
        var other = labels.Where(label => label.Index != wanted).Select(Of).DefaultIfEmpty(Log(0)).Max();

        // Of a vocabulary the strongest are listed: what is not among them is weaker than they are.
        var own = labels.Where(label => label.Index == wanted).Select(Of).DefaultIfEmpty(labels.Min(Of) - 1).Max();
        return to is null ? new Verdict(prediction.Index != before, own - other) : new Verdict(prediction.Index == wanted, other - own);

        static double Of(LabelAnswer label) => Log(label.Probability ?? 0);
    }

    /// <summary>A class as a target names it.</summary>
    protected virtual TargetRequest Named(int index) => new() { Label = new LabelRequest(null, index) };
}

/// <summary>Another next token of a causal model.</summary>
/// <inheritdoc cref="ClassGoal"/>
internal sealed class NextTokenGoal(int before, int? to) : ClassGoal(before, to)
{
    /// <inheritdoc/>
    protected override TargetRequest Named(int index) => new() { TokenId = index };
}

/// <summary>Another class of one token of the text: its label, or what fills a mask.</summary>
/// <param name="original">The text as sent.</param>
/// <param name="token">The token.</param>
/// <param name="before">Its class.</param>
/// <param name="to">The class that is wanted; null: any other.</param>
/// <param name="ofVocabulary">Classes are vocabulary entries.</param>
internal sealed class TokenClassGoal(PreparedInput original, int token, int before, int? to, bool ofVocabulary) : ClassGoal(before, to)
{
    /// <inheritdoc/>
    public override IReadOnlySet<int> Kept { get; } = new HashSet<int> { token };

    /// <inheritdoc/>
    public override TargetRequest? TargetIn(EditedText text, PreparedInput input) =>
        MovedTokens.StartingAt(original, token, text, input) is { } place ? Named(Before) with { Token = place } : null;

    /// <inheritdoc/>
    public override TargetRequest? ShownIn(EditedText text, PreparedInput input) => new() { Token = TargetIn(text, input)?.Token };

    /// <inheritdoc/>
    protected override TargetRequest Named(int index) => ofVocabulary ? new() { TokenId = index } : base.Named(index);
}

/// <summary>A label of its own, beside which others may hold too, crosses one half.</summary>
/// <param name="index">The label.</param>
/// <param name="held">Whether it holds of the text as it is.</param>
internal sealed class CrossingGoal(int index, bool held) : Goal
{
    /// <inheritdoc/>
    public override int Sign => held ? 1 : -1;

    /// <inheritdoc/>
    public override TargetRequest? TargetIn(EditedText text, PreparedInput input) => new() { Label = new LabelRequest(null, index) };

    /// <inheritdoc/>
    public override Verdict Judge(Prediction prediction)
    {
        var probability = prediction.Labels!.First(label => label.Index == index).Probability!.Value;
        return new Verdict(probability >= 0.5 != held, Sign * LogOdds(probability));
    }
}

/// <summary>Another answer to a question. The words of the answer stay: without them it would be another as a matter of course.</summary>
/// <param name="original">The texts as sent.</param>
/// <param name="span">The predicted span.</param>
/// <param name="before">Its text.</param>
/// <param name="to">The answer that is wanted; null: any other.</param>
internal sealed class AnswerGoal(PreparedInput original, SpanAnswer span, string before, string? to) : Goal
{
    /// <inheritdoc/>
    public override IReadOnlySet<int> Kept { get; } = Enumerable.Range(span.StartToken, span.EndToken - span.StartToken + 1).ToHashSet();

    /// <inheritdoc/>
    public override TargetRequest? TargetIn(EditedText text, PreparedInput input) =>
        MovedTokens.StartingAt(original, span.StartToken, text, input) is { } start
        && MovedTokens.EndingAt(original, span.EndToken, text, input) is { } end
        && start <= end
            ? new()
            {
                Span = new SpanRequest { Start = start, End = end },
            }
            : null;

    /// <inheritdoc/>
    public override Verdict Judge(Prediction prediction)
    {
        var spans = prediction.Spans!;
        var wanted = to ?? before;
        var other = spans.Where(one => one.Text != wanted).Select(one => one.Logit).DefaultIfEmpty(spans[^1].Logit - 1).Max();
        var own = spans.Where(one => one.Text == wanted).Select(one => one.Logit).DefaultIfEmpty(spans[^1].Logit - 1).Max();
        return to is null ? new Verdict(prediction.Text != before, own - other) : new Verdict(prediction.Text == wanted, other - own);
    }
}

/// <summary>Where tokens of the text as sent are in a changed text.</summary>
internal static class MovedTokens
{
    /// <summary>The token that begins where this one did; null: none does any more.</summary>
    public static int? StartingAt(PreparedInput original, int token, EditedText text, PreparedInput input)
    {
        var old = original.Tokens.Tokens[token];
        var start = text.InEdited(old.Sequence, WhiteSpace.Skip(original.TextOf(old.Sequence), old.Start, old.End));
        return Found(
            input,
            other => other.Sequence == old.Sequence && WhiteSpace.Skip(input.TextOf(other.Sequence), other.Start, other.End) == start
        );
    }

    /// <summary>The token that ends where this one did; null: none does any more.</summary>
    public static int? EndingAt(PreparedInput original, int token, EditedText text, PreparedInput input)
    {
        var old = original.Tokens.Tokens[token];
        var end = text.InEdited(old.Sequence, old.End);
        return Found(input, other => other.Sequence == old.Sequence && other.End == end);
    }

    private static int? Found(PreparedInput input, Func<Text.Token, bool> isIt) =>
        input
            .Tokens.Tokens.Index()
            .Where(token => !token.Item.Special && isIt(token.Item))
            .Select(token => (int?)token.Index)
            .FirstOrDefault();
}
