using System.Text;
using ExplainService.Methods.Pipeline;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>A stretch of one of the caller's texts that becomes another.</summary>
/// <param name="Sequence">0: the text, 1: the pair.</param>
/// <param name="Start">Start in the text as sent, UTF-16.</param>
/// <param name="End">End in it, UTF-16.</param>
/// <param name="To">What stands there instead.</param>
internal sealed record TextEdit(int Sequence, int Start, int End, string To);

/// <summary>The caller's texts with some stretches changed. Edits count in the texts as sent, so that each can be put back by itself.</summary>
internal sealed class EditedText
{
    private readonly PreparedInput original;

    /// <summary>The texts with these changes.</summary>
    /// <param name="original">The texts as sent.</param>
    /// <param name="edits">Changes without overlap, in any order.</param>
    public EditedText(PreparedInput original, IEnumerable<TextEdit> edits)
    {
        this.original = original;
        Edits = [.. edits.OrderBy(edit => edit.Sequence).ThenBy(edit => edit.Start)];
        Text = Applied(0, original.Text);
        Pair = original.Pair is { } pair ? Applied(1, pair) : null;
    }

    /// <summary>The changes, in text order.</summary>
    public IReadOnlyList<TextEdit> Edits { get; }

    /// <summary>The text with its changes.</summary>
    public string Text { get; }

    /// <summary>The second text with its changes.</summary>
    public string? Pair { get; }

    /// <summary>What tells it from others: of a picture, whose units are all alike as a text, which of them are hidden.</summary>
    public (string Text, string? Pair) Key =>
        original.Picture is null ? (Text, Pair) : (string.Join(' ', Edits.Select(edit => edit.Start)), null);

    /// <summary>Whether a text is left of which the model could say something.</summary>
    public bool IsBlank =>
        original.Picture is null && (string.IsNullOrWhiteSpace(Text) || (Pair is not null && string.IsNullOrWhiteSpace(Pair)));

    /// <summary>The same with one of the changes put back.</summary>
    public EditedText Without(int edit) => new(original, Edits.Where((_, index) => index != edit));

    /// <summary>The same with one more change; null where the stretch has been changed already.</summary>
    public EditedText? With(TextEdit edit) =>
        Edits.Any(other => other.Sequence == edit.Sequence && other.Start < edit.End && edit.Start < other.End)
            ? null
            : new EditedText(original, Edits.Append(edit));

    /// <summary>Where a character of the text as sent is in the changed text; only for one that is not itself changed.</summary>
    public int InEdited(int sequence, int position) =>
        position
        + Edits.Where(edit => edit.Sequence == sequence && edit.End <= position).Sum(edit => edit.To.Length - (edit.End - edit.Start));

    /// <summary>Where a stretch of the changed text is in the text as sent; null where some of it has been changed.</summary>
    public (int Start, int End)? InOriginal(int sequence, int start, int end)
    {
        var shift = 0;
        foreach (var edit in Edits.Where(edit => edit.Sequence == sequence))
        {
            var (from, to) = (edit.Start + shift, edit.Start + shift + edit.To.Length);
            if (from < end && start < to)
            {
                return null;
            }

            if (start < to)
            {
                break;
            }

            shift += edit.To.Length - (edit.End - edit.Start);
        }

        return (start - shift, end - shift);
    }

    private string Applied(int sequence, string text)
    {
        var (applied, at) = (new StringBuilder(text.Length), 0);
        foreach (var edit in Edits.Where(edit => edit.Sequence == sequence))
        {
            applied.Append(text, at, edit.Start - at).Append(edit.To);
            at = edit.End;
        }

        return applied.Append(text, at, text.Length - at).ToString();
    }
}
