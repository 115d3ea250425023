using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Targets;

/// <summary>Words that stand for one thing.</summary>
/// <param name="Kind">Its label without prefix.</param>
/// <param name="Heads">The first token of each word: the ones that such models are trained to label.</param>
/// <param name="Tokens">All tokens.</param>
/// <param name="Probability">Product of the heads' probabilities.</param>
public sealed record Entity(string Kind, int[] Heads, int[] Tokens, double Probability)
{
    /// <summary>As the prediction lists it.</summary>
    public EntityAnswer Answer(PreparedInput input)
    {
        var (sequence, start, end) = Range(input);
        return new EntityAnswer
        {
            Label = Kind,
            Text = input.TextOf(sequence)[start..end],
            Start = input.Offsets.Of(sequence, start),
            End = input.Offsets.Of(sequence, end),
            Tokens = Tokens,
            Probability = Probability,
            In = input.NameOf(sequence),
        };
    }

    /// <summary>As what is explained.</summary>
    public OutputLabel Output(PreparedInput input, IReadOnlyDictionary<int, TokenPrediction> predictions)
    {
        var (sequence, start, end) = Range(input);
        return new OutputLabel(Kind, predictions[Heads[0]].Index) { Tokens = Tokens, Text = input.TextOf(sequence)[start..end] };
    }

    private (int Sequence, int Start, int End) Range(PreparedInput input)
    {
        var (first, last) = (input.Tokens.Tokens[Tokens[0]], input.Tokens.Tokens[Tokens[^1]]);
        var text = input.TextOf(first.Sequence);
        return (first.Sequence, WhiteSpace.Skip(text, first.Start, first.End), last.End);
    }
}

/// <summary>
/// From the labels of tokens to entities. A word (as the tokenizer split them) has the label of its first token; words beside each other
/// belong together by the prefixes of the IOB, IOBES and BILOU schemes, or, where labels have none, when they have the same label.
/// </summary>
public static class EntityGrouping
{
    /// <summary>The label of tokens that are part of no entity.</summary>
    public const string Outside = "O";

    /// <summary>The entities in text order.</summary>
    /// <param name="input">The tokens.</param>
    /// <param name="predictions">By token.</param>
    public static IReadOnlyList<Entity> Group(PreparedInput input, IReadOnlyDictionary<int, TokenPrediction> predictions)
    {
        var entities = new List<Entity>();
        var words = new List<int[]>();
        var (open, sequence, kindOfOpen, probability) = (false, 0, "", 1.0);
        foreach (var word in Words(input).Where(word => predictions.ContainsKey(word[0])))
        {
            var head = predictions[word[0]];
            var (prefix, kind) = Split(head.Label);
            var here = input.Tokens.Tokens[word[0]].Sequence;
            if (!open || here != sequence || prefix is 'B' or 'S' or 'U' || kind != kindOfOpen || head.Label == Outside)
            {
                Close();
            }

            if (head.Label == Outside)
            {
                continue;
            }

            words.Add(word);
            probability *= head.Probability;
            (open, sequence, kindOfOpen) = (prefix is not ('E' or 'L' or 'S' or 'U'), here, kind);
        }

        Close();
        return entities;

        void Close()
        {
            if (words.Count > 0)
            {
                entities.Add(new Entity(kindOfOpen, [.. words.Select(word => word[0])], [.. words.SelectMany(word => word)], probability));
            }

            words.Clear();
            (open, probability) = (false, 1.0);
        }
    }

    /// <summary>Prefix and kind: <c>B-PER</c> is (B, PER); a label without prefix continues one of its own kind.</summary>
    private static (char Prefix, string Kind) Split(string label) =>
        label.Length > 2 && label[1] is '-' or '_' && "BIESLU".Contains(label[0], StringComparison.Ordinal)
            ? (label[0], label[2..])
            : ('I', label);

    private static IEnumerable<int[]> Words(PreparedInput input)
    {
        var word = new List<int>();
        (int Sequence, int? Word) key = (-1, null);
        for (var index = 0; index < input.Tokens.Tokens.Count; index++)
        {
            var token = input.Tokens.Tokens[index];
            if (token.Special)
            {
                continue;
            }

            if (word.Count > 0 && (token.Word is null || key != (token.Sequence, token.Word)))
            {
                yield return [.. word];
                word.Clear();
            }

            key = (token.Sequence, token.Word);
            word.Add(index);
        }

        if (word.Count > 0)
        {
            yield return [.. word];
        }
    }
}
