using System.Text.RegularExpressions;
using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;

namespace ExplainService.Graph.Forms;

/// <summary>
/// Makes a decoder with a key/value cache out of one without, whatever exporter wrote it: past keys and values are joined to those of
/// every causal self-attention, just before the two products that read them. What is not understood is refused, and what comes out is
/// to be compared with the forward form before it is believed.
/// </summary>
internal sealed partial class CacheCompiler
{
    private readonly ModelGraph plain;
    private readonly GraphReport report;
    private readonly ModelGraph graph;
    private readonly Tape tape;
    private readonly TokenPath path;
    private readonly List<(Node Node, int Input, int Axis, string Past, string Present)> joins = [];

    private CacheCompiler(ModelGraph plain, GraphReport report)
    {
        (this.plain, this.report) = (plain, report);
        graph = plain.Clone();
        graph.Outputs.RemoveAll(output => !report.Outputs.Contains(output.Name));
        graph.RemoveDead();
        ReplaceDims.Apply(graph, LimitedLengths(graph));
        tape = new Tape(graph);
        path = new TokenPath(graph, report.Lookups);
    }

    /// <exception cref="NotSupportedException">The graph is not understood.</exception>
    public static CacheForms Compile(ModelGraph plain, GraphReport report) =>
        report.Lookups.Count == 0 ? throw new NotSupportedException(EmbeddingLookup.NotFound) : new CacheCompiler(plain, report).Compile();

    private CacheForms Compile()
    {
        var layers = FindJoins();
        string[] states =
        [
            .. graph
                .Nodes.Where(node => node.Outputs.Exists(path.Values.Contains) && node.Op != "Shape")
                .SelectMany(node => node.Inputs.Where(path.Source.Contains))
                .Distinct(),
        ];
        var start = states.Length == 0 ? null : FormParts.Start(plain.Clone(), states);
        var inputs = joins
            .Select(join => tape.Input(join.Past, ElementType.Float, PastDims(join.Node.Inputs[join.Input], join.Axis)))
            .ToArray();
        ComputeSuffix.Apply(tape, path, inputs[0].Size(joins[0].Axis));
        var presents = new List<(string Name, string Value)>();
        for (var i = 0; i < joins.Count; i++)
        {
            var (node, input, axis, _, present) = joins[i];
            var past = inputs[i].Expand(tape.Concat(0, tape[path.Ids].Size(0), tape.List([1, 1, 1])));
            node.Inputs[input] = tape.Concat(axis, past, tape[node.Inputs[input]]).Name;
            presents.Add((present, node.Inputs[input]));
        }

        FormParts.FeedStates(graph, states, tape.Shapes);

        return new CacheForms(start, StepForm(presents), layers, states.Length);
    }

    /// <summary>Dynamo's <c>Min(96, s70)</c>, the length or the model's limit: rows are never longer than that.</summary>
    private static Dictionary<string, Dim> LimitedLengths(ModelGraph graph)
    {
        var lengths = graph.Inputs.SelectMany(input => input.Dims ?? []).Select(dim => dim.Symbol).OfType<string>().ToHashSet();
        return graph
            .Declared.Values.SelectMany(info => info.Dims ?? [])
            .Select(dim => dim.Symbol)
            .OfType<string>()
            .Distinct()
            .Select(symbol => (Symbol: symbol, Match: Limited().Match(symbol)))
            .Where(pair => lengths.Contains(pair.Match.Groups[1].Value))
            .ToDictionary(pair => pair.Symbol, pair => Dim.Of(pair.Match.Groups[1].Value));
    }

    [GeneratedRegex(@"^Min\(\d+, (\w+)\)$")]
    private static partial Regex Limited();

    /// <summary>
    /// Keys as [batch, heads, size, tokens], values as [batch, heads, tokens, size]: where the two products of attention read them.
    /// </summary>
    private int FindJoins()
    {
        var producers = graph.Producers();
        var products = graph.Nodes.Where(node => node.Is("MatMul")).ToLookup(node => node.Inputs[0]);
        var layer = 0;
        foreach (var map in report.Attention.Where(map => path.Values.Contains(map.Output)))
        {
            var softmax = Up(map.Output, "Softmax", producers);
            var scores = Up(softmax.Inputs[0], "MatMul", producers);
            if (!path.Values.Contains(scores.Inputs[1]))
            {
                continue;
            }

            var product =
                products[map.Output].FirstOrDefault()
                ?? throw new NotSupportedException($"No product with the values reads '{map.Output}'.");
            Require(scores.Inputs[1], 3);
            Require(product.Inputs[1], 2);
            joins.Add((scores, 1, 3, FormNames.PastKey(layer), FormNames.PresentKey(layer)));
            joins.Add((product, 1, 2, FormNames.PastValue(layer), FormNames.PresentValue(layer)));
            layer++;
        }

        var squares = graph.Nodes.Count(node =>
            node.Is("Softmax") && path.Values.Contains(node.Output) && tape.Shapes[node.Output].Dims?.Count(path.IsLength) == 2
        );
        if (layer == 0 || squares != layer)
        {
            throw new NotSupportedException($"{squares} self-attentions follow the tokens, {layer} of which are understood.");
        }

        return layer;
    }

    private Node Up(string value, string op, Dictionary<string, Node> producers)
    {
        for (var hops = 0; hops < 16 && producers.TryGetValue(value, out var node); hops++)
        {
            if (node.Is(op))
            {
                return node;
            }

            if (node.Inputs.Find(path.Values.Contains) is not { } next)
            {
                break;
            }

            value = next;
        }

        throw new NotSupportedException($"No {op} leads to '{value}'.");
    }

    private void Require(string value, int axis)
    {
        if (
            tape.Shapes[value] is not { Type: ElementType.Float, Dims: [_, _, _, _] dims }
            || !path.IsLength(dims[axis])
            || dims.Count(path.IsLength) != 1
        )
        {
            throw new NotSupportedException($"Keys or values '{value}' are not [batch, heads, tokens, size] of float32.");
        }
    }

    private Dim[] PastDims(string value, int axis) =>
        [
            .. tape.Shapes[value]
                .Dims!.Select(
                    (dim, i) =>
                        i == 0 ? Dim.Of("past_batch")
                        : i == axis ? Dim.Of("past")
                        : dim
                ),
        ];

    private Form StepForm(List<(string Name, string Value)> presents)
    {
        graph.Declared.Clear();
        graph.Sort();
        var step = new Tape(graph);
        var logits = Readout.Logits(step, report);
        graph.Outputs.Clear();
        step.Output(logits, FormNames.Logits);
        foreach (var (name, value) in presents)
        {
            step.Output(step[value], name);
        }

        return Form.Of("step", FormParts.Finish(graph));
    }
}
