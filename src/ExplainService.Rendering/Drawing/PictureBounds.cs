using ExplainService.Methods.Contracts;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Inside;
using ExplainService.Rendering.Layout;

namespace ExplainService.Rendering.Drawing;

/// <summary>How large an answer may be to be drawn, known before anything is.</summary>
public static class PictureBounds
{
    /// <summary>The most characters of a text: of a longer one a picture would show less than a tenth.</summary>
    public const int MaxCharacters = 10 * Passage.MaxCharacters;

    /// <summary>The most units and tokens, each of which is something to draw or a row of the numbers.</summary>
    public const int MaxParts = 100_000;

    /// <summary>Of a character that is drawn as a piece of its own: its elements, and its markup while that is written.</summary>
    private const long BytesOfCharacter = 2_048;

    /// <summary>Of a row of the numbers.</summary>
    private const long BytesOfPart = 1_024;

    /// <summary>Of an explained picture, drawn twice.</summary>
    private const long BytesOfPhoto = 16 << 20;

    private const int NumbersOfPart = 10;

    /// <summary>Refuses a request whose texts no picture can show, before it is computed.</summary>
    /// <exception cref="InvalidRequestException">422.</exception>
    public static void Check(TextRequest request)
    {
        Check("text", request.Text?.Length ?? 0);
        Check("pair", request.Pair?.Length ?? 0);
        Check("messages", request.Messages?.Sum(message => (long)message.Role.Length + message.Content.Length) ?? 0);
    }

    /// <summary>Refuses an answer of too many parts.</summary>
    /// <exception cref="InvalidRequestException">422.</exception>
    public static void Check(Subject subject)
    {
        if (Parts(subject) is var parts and > MaxParts)
        {
            throw InvalidRequestException.CannotDo(
                "format",
                FormattableString.Invariant(
                    $"The answer has {parts} units and tokens, and a picture takes up to {MaxParts}; ask for json, for larger units, or send a shorter text."
                )
            );
        }
    }

    /// <summary>About the bytes that drawing an answer takes at most.</summary>
    public static long BytesOf(Subject subject)
    {
        var drawn = Math.Min(Passage.MaxCharacters, subject.Text.Length) + Math.Min(Passage.MaxCharacters, subject.Pair?.Length ?? 0);
        return (((drawn * Math.Max(1, Passages(subject))) + Sentences(subject)) * BytesOfCharacter)
            + (Parts(subject) * BytesOfPart)
            + (subject.Picture is null ? 0 : BytesOfPhoto);
    }

    /// <summary>Characters of a corpus that are drawn: those of the first neuron whatever they are, of others no more than a long text's.</summary>
    private static long Sentences(Subject subject)
    {
        var all = (subject.Explanation as NeuronsAnswer)?.Meanings ?? [];
        long[] lengths = [.. all.Select(meaning => meaning.Examples.Sum(example => (long)example.Sentence.Length))];
        return lengths.Length == 0 ? 0 : Math.Max(lengths[0], Math.Min(Passage.MaxCharacters, lengths.Sum()));
    }

    /// <summary>How often a text is drawn; of neurons no more often than fits into one long text.</summary>
    private static long Passages(Subject subject) =>
        subject.Explanation switch
        {
            NeuronsAnswer answer => Fitting(answer.Activations.Count, subject),
            CounterfactualAnswer answer => answer.Counterfactuals.Count,
            _ => subject.Levels.Count,
        };

    private static long Fitting(int texts, Subject subject) => Math.Min(texts, Passage.MaxCharacters / Math.Max(1, subject.Text.Length));

    private static void Check(string field, long length)
    {
        if (length > MaxCharacters)
        {
            throw InvalidRequestException.CannotDo(
                field,
                FormattableString.Invariant(
                    $"A picture takes a text of up to {MaxCharacters} characters, and draws its first {Passage.MaxCharacters}; this one has {length}. Ask for json, or send a shorter text."
                )
            );
        }
    }

    private static long Parts(Subject subject) =>
        subject.Explanation.Tokens.Count
        + Units(subject.Units)
        + subject.Explanation switch
        {
            // Numbers stand side by side in the rows of tokens: ten of them are about a row.
            LayersAnswer layers => layers.Layers.Sum(layer => (layer.Scores?.Count ?? 0) + (layer.Labels?.Count ?? 0)) / NumbersOfPart,
            NeuronsAnswer neurons => (
                (neurons.Activations.Sum(neuron => neuron.Tokens.Count) + (neurons.Factors?.Sum(factor => factor.Tokens.Count) ?? 0))
                / NumbersOfPart
            ) + (neurons.Meanings?.Sum(meaning => meaning.Examples.Count + meaning.Words.Count + meaning.Labels.Count) ?? 0),
            CounterfactualAnswer changes => changes.Counterfactuals.Sum(change => change.Edits.Count),
            AblationAnswer ablation => (ablation.Heads?.Sum(layer => layer.Count) ?? 0)
                + (ablation.Neurons?.Count ?? 0)
                + (ablation.Layers?.Count ?? 0),
            _ => 0,
        };

    private static long Units(IReadOnlyList<UnitAnswer> units) => units.Sum(unit => 1 + Units(unit.Units ?? []));
}
