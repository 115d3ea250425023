using ExplainService.Methods.Contracts;
using ExplainService.Methods.Inside;
using ExplainService.Rendering;
using ExplainService.Runtime;

namespace ExplainService.Tests.Rendering;

/// <summary>Answers about the inside of a model, made by hand.</summary>
internal static class InsideAnswers
{
    /// <summary>Scores of the words of a text at so many layers, the embeddings first.</summary>
    public static Subject Layers(string text, int layers = 3)
    {
        var tokens = Tokens(text);
        return new Subject(
            Answers.Of(
                "gradient_x_activation",
                "Gradient × activation by layer",
                new LayersAnswer
                {
                    Objective = Objective.Probability,
                    Tokens = tokens,
                    Layers =
                    [
                        .. Enumerable
                            .Range(0, layers)
                            .Select(layer => new LayerAnswer
                            {
                                Layer = layer,
                                Scores = [.. tokens.Select(token => 0.1 * (layer + 1) * (token.Index % 2 == 0 ? 1 : -0.5))],
                            }),
                    ],
                }
            ),
            text
        );
    }

    /// <summary>A lens of two classes: after each layer the probability of the model's own.</summary>
    public static Subject Lens(string text, params double[] probabilities) =>
        Lens(
            text,
            [
                .. probabilities.Select(probability =>
                    (LabelAnswer[])[new("negative", 0, 0, 1 - probability), new("positive", 1, 0, probability)]
                ),
            ]
        );

    /// <summary>A lens of which each layer lists these classes.</summary>
    public static Subject Lens(string text, IReadOnlyList<LabelAnswer[]?> layers) =>
        new(
            Answers.Of(
                "lens",
                "Lens by layer",
                new LayersAnswer
                {
                    Objective = Objective.Probability,
                    Tokens = Tokens(text),
                    Layers =
                    [
                        .. layers.Select(
                            (labels, layer) =>
                                new LayerAnswer
                                {
                                    Layer = layer,
                                    Value = labels?[^1].Probability ?? layer,
                                    Labels = labels,
                                }
                        ),
                    ],
                }
            ),
            text
        );

    /// <summary>Neurons of two layers over a text, with factors and meanings where they are asked for.</summary>
    public static Subject Neurons(string text, int factors = 0, bool meanings = false)
    {
        var tokens = Tokens(text);
        return new Subject(
            Answers.Of(
                "neurons",
                "Neurons",
                new NeuronsAnswer
                {
                    ExplainsTarget = false,
                    Tokens = tokens,
                    Layers = [new LayerNeurons(0, [new NeuronAnswer(7, 1, 2.5)]), new LayerNeurons(1, [new NeuronAnswer(12, 2, -1)])],
                    Activations =
                    [
                        new NeuronActivations(0, 7, [.. tokens.Select(token => token.Index == 1 ? 2.5 : 0.1)]),
                        new NeuronActivations(1, 12, [.. tokens.Select(token => token.Index == 2 ? -1 : 0.2)]),
                    ],
                    Factors =
                        factors == 0
                            ? null
                            :
                            [
                                .. Enumerable
                                    .Range(0, factors)
                                    .Select(factor => new FactorAnswer(
                                        [.. tokens.Select(token => token.Index % factors == factor ? 3.0 - (0.1 * factor) : 0.05)],
                                        [new FactorNeuron(0, 7 + factor, 0.8), new FactorNeuron(1, 12, 0.3)]
                                    )),
                            ],
                    Meanings = meanings
                        ?
                        [
                            new NeuronMeaning(
                                0,
                                7,
                                [
                                    new NeuronExample(0, "so " + text, text, 3, 3 + text.Length, 2.5) { Place = 3 },
                                    new NeuronExample(1, "none", "none", 0, 4, -0.5),
                                ],
                                [new NeuronWord(text, 7, 1.5, 0.25), new NeuronWord("lower", 5, 0.1, 0.5)],
                                [new NeuronLabel("negative", 0, -0.75), new NeuronLabel("positive", 1, 0.75)]
                            ),
                        ]
                        : null,
                }
            ),
            text
        );
    }

    /// <summary>The drop without each head of two layers.</summary>
    public static Subject Heads(string text, params double[] scores)
    {
        var types = new HeadTypesAnswer(0.75, 0.05, 0.05, 0.05, 0.05, 0, 0, 0.9);
        double[] drops = scores.Length > 0 ? scores : [0.2, -0.05, 0.001, 0, 0.1, 0.02];
        return Ablation(
            text,
            answer =>
                answer with
                {
                    HeadLayers = [0, 3],
                    Heads =
                    [
                        .. drops
                            .Chunk(drops.Length / 2)
                            .Select(layer => layer.Select(drop => new HeadAnswer(drop, types) { Importance = 0.5 }).ToArray()),
                    ],
                }
        );
    }

    /// <summary>The drop without what is switched off.</summary>
    public static Subject Ablation(string text, Func<AblationAnswer, AblationAnswer> parts) =>
        new(
            Answers.Of(
                "ablation",
                "Ablation",
                parts(
                    new AblationAnswer
                    {
                        Objective = Objective.Probability,
                        Tokens = Tokens(text),
                        Value = 0.9,
                        By = AblationValue.Zero,
                    }
                )
            ),
            text
        );

    /// <summary>One of each.</summary>
    public static IEnumerable<Subject> OfEveryKind(string text)
    {
        yield return Layers(text);
        yield return Lens(
            text,
            [
                [new("other", 3, 0, 0.4), new(text, 1, 0, 0.2)],
                [new(text, 1, 0, 0.6), new("other", 3, 0, 0.3)],
            ]
        );
        yield return Neurons(text, factors: 2);
        yield return Neurons(text, meanings: true);
        yield return Heads(text);
        yield return Ablation(text, answer => answer with { Layers = [new AblatedLayerAnswer(0, 0.3), new AblatedLayerAnswer(1, -0.1)] });
    }

    /// <summary>The words of a text as tokens, between two special ones.</summary>
    private static TokenAnswer[] Tokens(string text)
    {
        var words = Answers.Attribution(text).Units;
        var special = new TokenAnswer
        {
            Index = 0,
            Id = 101,
            Token = "[CLS]",
            Text = "",
            Start = 0,
            End = 0,
            Special = true,
        };
        return
        [
            special,
            .. words.Select(
                (word, at) =>
                    new TokenAnswer
                    {
                        Index = at + 1,
                        Id = at,
                        Token = word.Text,
                        Text = word.Text,
                        Start = word.Start,
                        End = word.End,
                        Special = false,
                    }
            ),
            special with
            {
                Index = words.Count + 1,
                Id = 102,
                Token = "[SEP]",
            },
        ];
    }
}
