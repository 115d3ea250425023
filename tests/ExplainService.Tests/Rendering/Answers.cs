using System.Text.RegularExpressions;
using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;
using ExplainService.Methods.Shapley;
using ExplainService.Rendering;
using ExplainService.Runtime;

namespace ExplainService.Tests.Rendering;

/// <summary>Answers as the methods give them, made by hand: pictures need no model.</summary>
internal static partial class Answers
{
    public const string Hostile =
        "<script>alert(\"x\")</script> ]]> '&amp;' \u202Eevil\u202C \u0000\u0001\u001B[31m <svg onload='x'>\u2066\u200E\r\n\tשלום, עולם 12! \uD83D مرحبا \uFFFF 中文 e\u0301 👩‍👩‍👧";

    /// <summary>Signed scores of the words of a text, by turns for and against.</summary>
    public static Subject Attribution(string text, params double[] scores)
    {
        var words = Word().Matches(text);
        double[] given = scores.Length > 0 ? scores : [.. words.Select((_, at) => at % 2 == 0 ? 0.5 / (at + 1) : -0.4 / at)];
        return new Subject(
            Of(
                "integrated_gradients",
                "Integrated gradients",
                new SaliencyAnswer
                {
                    Objective = Objective.Probability,
                    Granularity = "word",
                    Units =
                    [
                        .. words.Select(
                            (word, at) =>
                                new UnitAnswer
                                {
                                    Text = word.Value,
                                    Start = word.Index,
                                    End = word.Index + word.Length,
                                    Tokens = [at + 1],
                                    Score = given[at],
                                }
                        ),
                    ],
                    CompletenessError = 0.0004,
                    Path = [new PathPoint(0, 0.1), new PathPoint(0.5, 0.7), new PathPoint(1, 0.9)],
                }
            ),
            text
        );
    }

    /// <summary>Shapley values with standard errors and interactions.</summary>
    public static Subject Shapley(string text, params double[] scores)
    {
        var subject = Attribution(text, scores);
        var units = subject.Units;
        return subject with
        {
            Explanation = Of(
                "shap",
                "Shapley values",
                new ShapAnswer
                {
                    Objective = Objective.Probability,
                    Granularity = "word",
                    Replacement = "[MASK]",
                    Algorithm = "kernel",
                    Evaluations = 64,
                    Units = [.. units.Select(unit => unit with { StandardError = 0.01 })],
                    BaseValue = 0.25,
                    Value = 0.25 + units.Sum(unit => unit.Score!.Value),
                    Interactions =
                    [
                        .. units.Select(
                            (_, row) => units.Select((_, column) => row == column ? 0 : 0.01 * (row - column) * (row - column)).ToArray()
                        ),
                    ],
                }
            ),
        };
    }

    /// <summary>Attention maps whose rows add up to 1; every query attends most to the token before it.</summary>
    public static Subject Attention(int tokens, int layers, int heads, Func<int, string>? text = null)
    {
        text ??= at => "w" + at;
        return new Subject(
            Of(
                "attention",
                "Attention",
                new AttentionAnswer
                {
                    Unsigned = true,
                    ExplainsTarget = false,
                    Tokens =
                    [
                        .. Enumerable
                            .Range(0, tokens)
                            .Select(at => new TokenAnswer
                            {
                                Index = at,
                                Id = at,
                                Token = text(at),
                                Text = text(at),
                                Start = 0,
                                End = 0,
                                Special = false,
                            }),
                    ],
                    Layers = [.. Enumerable.Range(0, layers)],
                    Heads = [.. Enumerable.Range(0, heads)],
                    Attention =
                    [
                        .. Enumerable
                            .Range(0, layers)
                            .Select(layer => Enumerable.Range(0, heads).Select(head => Map(tokens, layer + head)).ToArray()),
                    ],
                }
            ),
            "text"
        );
    }

    /// <summary>Two generated tokens over three of the input.</summary>
    public static Subject Generation(string generated = " good") =>
        new(
            Of(
                "input_x_gradient",
                "Input × gradient",
                new SaliencyAnswer
                {
                    Granularity = "token",
                    Units = [],
                    Tokens = Attention(3, 1, 1).Explanation.Tokens,
                    Generated =
                    [
                        new GeneratedToken
                        {
                            Token = "Ġa",
                            TokenId = 1,
                            Text = " a",
                            Probability = 0.5,
                            Scores = [0.1, -0.2, 0.3],
                            GeneratedScores = [],
                        },
                        new GeneratedToken
                        {
                            Token = "Ġb",
                            TokenId = 2,
                            Text = generated,
                            Probability = 0.5,
                            Scores = [0.4, 0, -0.1],
                            GeneratedScores = [0.25],
                        },
                    ],
                }
            ),
            "a b c"
        );

    /// <summary>A text whose beginning went, and one whose end became another.</summary>
    public static Subject Counterfactuals(string text)
    {
        var half = char.IsLowSurrogate(text[text.Length / 2]) ? (text.Length / 2) + 1 : text.Length / 2;
        return new Subject(
            Of(
                "remove",
                "Counterfactual",
                new CounterfactualAnswer
                {
                    Granularity = "word",
                    Counterfactuals =
                    [
                        Changed(new EditAnswer(0, half, text[..half], "")),
                        Changed(new EditAnswer(half, text.Length, text[half..], text)),
                    ],
                }
            ),
            text
        );

        CounterfactualTextAnswer Changed(EditAnswer edit) =>
            new()
            {
                Text = text[..edit.Start] + edit.To + text[edit.End..],
                Edits = [edit],
                Prediction = new Prediction
                {
                    Label = "negative",
                    Index = 0,
                    Probability = 0.75,
                },
                Minimal = true,
            };
    }

    /// <summary>Answers of every kind about one text.</summary>
    public static IEnumerable<Subject> OfEveryKind(string text)
    {
        var attribution = Attribution(text);
        var units = attribution.Units;
        yield return attribution;
        yield return Shapley(text);
        yield return attribution with
        {
            Explanation = (SaliencyAnswer)attribution.Explanation with
            {
                Labels = [new LabelScores(text, 0, [.. units.Select(unit => unit.Score!.Value)])],
            },
        };
        yield return Attention(4, 2, 3, at => text + at);
        yield return Generation(text);
        yield return Counterfactuals(text);
        yield return new Subject(
            Of("predict", "Prediction", new PredictAnswer()) with
            {
                Tokens = Attention(2, 1, 1, _ => text).Explanation.Tokens,
                Prediction = new Prediction
                {
                    Label = text,
                    Index = 0,
                    Probability = 0.9,
                    Labels = [new LabelAnswer(text, 0, 2, 0.9), new LabelAnswer("other", 1, -2, 0.1)],
                    Tokens = [new TokenPrediction(1, text, 0, 0.9)],
                },
                Warnings = [text],
            },
            text,
            text
        );
        foreach (
            var other in InsideAnswers
                .OfEveryKind(text)
                .Concat(FaithfulnessAnswers.OfEveryKind(text))
                .Concat(PictureAnswers.OfEveryKind(text))
        )
        {
            yield return other;
        }
    }

    internal static Explanation Of(string method, string title, Explanation answer) =>
        answer with
        {
            Model = "good",
            Method = method,
            Title = title,
            Prediction = new Prediction
            {
                Label = "positive",
                Index = 1,
                Probability = 0.9,
                Labels = [new LabelAnswer("negative", 0, -1, 0.1), new LabelAnswer("positive", 1, 1, 0.9)],
            },
            Target = new TargetAnswer { Label = "positive", Index = 1 },
        };

    private static float[][] Map(int tokens, int shift) =>
        [
            .. Enumerable
                .Range(0, tokens)
                .Select(query =>
                    Enumerable
                        .Range(0, tokens)
                        .Select(key =>
                            key == Math.Max(0, query - 1)
                                ? 0.75f
                                : 0.25f / (tokens - 1) * (1 + (0.5f * MathF.Sin(query + (7 * key) + shift)))
                        )
                        .ToArray()
                ),
        ];

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();
}
