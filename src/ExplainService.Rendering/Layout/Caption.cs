using System.Globalization;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;
using ExplainService.Methods.Shapley;
using ExplainService.Rendering.Typography;

namespace ExplainService.Rendering.Layout;

/// <summary>What a picture says of itself.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Lines">What was explained, and of what model.</param>
/// <param name="Description">The same and what is drawn, for those who do not see it.</param>
internal sealed record Caption(string Title, IReadOnlyList<string> Lines, string Description)
{
    private const int MaxNameLength = 60;

    /// <summary>Between facts; a line never starts with it.</summary>
    private const string Separator = "\u00A0\u00A0·  ";

    /// <summary>The caption of an answer.</summary>
    /// <param name="subject">What is shown.</param>
    /// <param name="shows">What the view draws and how it is read, in sentences.</param>
    /// <param name="title">In place of the method and its target.</param>
    public static Caption Of(Subject subject, string shows, string? title = null)
    {
        var answer = subject.Explanation;
        var isNorm = IsNorm(answer);
        title ??=
            answer.ExplainsTarget && IsRegression(answer) ? $"{answer.Title}: what moves the {ValueName(answer)}"
            : answer.ExplainsTarget && Explained(answer) is { } target
                ? $"{answer.Title}: what {(isNorm ? "moves" : "speaks for")} {target}"
            : answer.Title;
        List<string> facts = [];
        if (PredictionName(answer.Prediction) is { } prediction)
        {
            facts.Add("predicted " + prediction);
        }

        if (answer is { Objective: { } objective, Target: not null } && IsScored(answer) && !isNorm)
        {
            facts.Add(
                IsRegression(answer)
                    ? "in the unit of the " + ValueName(answer)
                    : "in points of " + Words(objective.ToString()).ToLowerInvariant()
            );
        }

        if (answer is ShapAnswer { Algorithm: var algorithm })
        {
            facts.Add(
                Words(algorithm).ToLowerInvariant()
                    + (answer.Evaluations is { } rows ? FormattableString.Invariant($", {rows} evaluations") : "")
            );
        }

        facts.Add("model " + Short(answer.Model));
        var line = string.Join(Separator, facts);
        return new Caption(title, [line], $"{title}. {line.Replace(Separator, "; ")}. {shows}");
    }

    /// <summary>The warnings of an answer and what it did not see, as remarks.</summary>
    public static IEnumerable<string> Remarks(Explanation answer)
    {
        foreach (var unseen in answer.Unseen ?? [])
        {
            yield return FormattableString.Invariant(
                $"The model did not see the {(unseen.In == "pair" ? "second text" : "text")} from {unseen.Start} to {unseen.End}."
            );
        }

        foreach (var warning in answer.Warnings)
        {
            yield return "Note: " + VisibleText.OneLine(warning);
        }
    }

    /// <summary>A name of a class, a token, a text, cut to what a caption can hold.</summary>
    public static string Short(string name) => VisibleText.OneLine(name.Length <= MaxNameLength ? name : name[..(MaxNameLength - 1)] + "…");

    /// <summary>
    /// A class, or an entry of a vocabulary as a reader knows it: byte-level and SentencePiece vocabularies write a space before a word as
    /// Ġ or ▁.
    /// </summary>
    public static string LabelName(string label) => Short(label.Length > 1 && label[0] is 'Ġ' or '▁' ? label[1..] : label);

    /// <summary>What is explained, by name.</summary>
    public static string? TargetName(Explanation answer)
    {
        var target = answer.Target;
        var name = target?.Label ?? target?.Text;
        return name is null ? null
            : target!.Token is { } position && answer.Tokens?.ElementAtOrDefault(position) is { } token
                ? LabelName(name) + "” at “" + Short(token.Text.Trim())
            : LabelName(name);
    }

    /// <summary>The same in quotes, with what else there might have been; of a model of one number what that is.</summary>
    public static string? Explained(Explanation answer) =>
        IsRegression(answer) ? "the " + ValueName(answer)
        : TargetName(answer) is { } target ? $"“{target}”{Rather(answer)}"
        : null;

    private static string Rather(Explanation answer) =>
        (answer.Against?.Label ?? answer.Against?.Text) is { } name ? $" rather than “{LabelName(name)}”" : "";

    /// <summary>Whether its numbers are in the unit of the objective.</summary>
    private static bool IsScored(Explanation answer) =>
        answer switch
        {
            UnitExplanation units => units.Units.Count > 0,
            LayersAnswer or AblationAnswer => true,
            _ => false,
        };

    /// <summary>A model of one number has no class that anything could speak for.</summary>
    public static bool IsRegression(Explanation answer) => answer.Prediction is { Value: not null } or { Similarity: not null };

    /// <summary>What that number is.</summary>
    public static string ValueName(Explanation answer) => answer.Prediction?.Similarity is not null ? "similarity" : "value";

    /// <summary>What positive and negative scores do.</summary>
    public static (string For, string Against) Verbs(Explanation answer) =>
        IsRegression(answer) ? ("raises the " + ValueName(answer), "lowers the " + ValueName(answer)) : ("speaks for", "speaks against");

    /// <summary>A snake_case or PascalCase name in words.</summary>
    public static string Words(string name)
    {
        var words = string.Concat(
                name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? " " + char.ToLowerInvariant(letter) : letter.ToString())
            )
            .Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>The size of a gradient: it says how much a token matters, not for what, and is in no unit of the objective.</summary>
    private static bool IsNorm(Explanation answer) =>
        answer is UnitExplanation { IsUnsigned: true, Units: var units } && units.All(unit => unit.Score is null or >= 0);

    /// <summary>What a model says, in a few words.</summary>
    public static string? PredictionName(Prediction? prediction) =>
        prediction switch
        {
            { Value: { } value } => Numbers.Signed(value),
            { Similarity: { } similarity } => "a similarity of " + Numbers.Signed(similarity),
            { Label: { } label, Probability: { } probability } =>
                $"{LabelName(label)} ({probability.ToString("P1", CultureInfo.InvariantCulture)})",
            { Label: { } label } => LabelName(label),
            { Text: { } text } => "“" + Short(text) + "”",
            _ => null,
        };
}
