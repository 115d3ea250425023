using ExplainService.Graph.Operators;

namespace ExplainService.Graph.Patterns;

/// <summary>
/// What normalisations divide by where exporters write them out: √(mean (x − mean x)² + ε), the root of a mean square, or their reciprocals,
/// in any order of the operators.
/// </summary>
internal sealed class NormStatistics
{
    private readonly ModelGraph graph;
    private readonly IReadOnlySet<string> moving;
    private readonly Dictionary<string, Node> producers;
    private readonly ILookup<string, Node> consumers;

    private NormStatistics(ModelGraph graph, IReadOnlySet<string> moving)
    {
        (this.graph, this.moving) = (graph, moving);
        (producers, consumers) = (graph.Producers(), graph.Consumers());
    }

    /// <summary>The statistics that do nothing but scale.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="moving">Values that depend on the embeddings.</param>
    public static IReadOnlyList<HeldValue> Find(ModelGraph graph, IReadOnlySet<string> moving)
    {
        var search = new NormStatistics(graph, moving);
        return
        [
            .. graph
                .Nodes.Where(node => node.Outputs.Exists(moving.Contains) && search.IsStatistic(node))
                .Select(node => new HeldValue(node.Output, search.Scaled(node)))
                .Where(value => value.Results.Count > 0),
        ];
    }

    private bool IsStatistic(Node node) =>
        node.Domain.Length == 0
        && node.Op switch
        {
            "Sqrt" => IsMeanSquare(node.Inputs[0]),
            "Pow" => graph.ScalarOf(node.Inputs[1]) is 0.5 or -0.5 && IsMeanSquare(node.Inputs[0]),
            "ReduceL2" => true,
            _ => false,
        };

    /// <summary>Whether a value is a mean or sum of squares, to which constants may be added or which they may scale or bound.</summary>
    private bool IsMeanSquare(string value)
    {
        while (producers.TryGetValue(value, out var node) && node.Domain.Length == 0)
        {
            string[] varying = [.. node.Inputs.Where(moving.Contains)];
            switch (node.Op)
            {
                case "ReduceMean" or "ReduceSum" or "GlobalAveragePool":
                    return IsSquare(node.Inputs[0]);
                case "ReduceSumSquare":
                    return true;
                // E[x²] − E[x]².
                case "Sub" when varying.Length == 2:
                    return IsSquare(node.Inputs[1]) && IsMeanSquare(node.Inputs[0]);
                case "Add" or "Sub" or "Mul" or "Div" or "Max" or "Min" when varying.Length == 1:
                case "Clip" or "Relu" or "Abs" or "Cast" or "Identity" or "Reshape" or "Squeeze" or "Unsqueeze" or "Expand":
                    value = varying.FirstOrDefault(node.Inputs[0]);
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private bool IsSquare(string value) =>
        producers.TryGetValue(value, out var node)
        && node.Op switch
        {
            "Mul" => node.Inputs[0] == node.Inputs[1],
            "Pow" => graph.ScalarOf(node.Inputs[1]) == 2,
            "Cast" or "Identity" => IsSquare(node.Inputs[0]),
            _ => false,
        };

    /// <summary>Quotients by the statistic and products with its reciprocal; none where something else reads it too.</summary>
    private List<string> Scaled(Node statistic)
    {
        var results = new List<string>();
        var queue = new Queue<(string Value, bool Inverted)>([
            (statistic.Output, statistic.Op == "Pow" && graph.ScalarOf(statistic.Inputs[1]) < 0),
        ]);
        while (queue.TryDequeue(out var item))
        {
            if (graph.IsOutput(item.Value))
            {
                return [];
            }

            foreach (var reader in consumers[item.Value].Where(reader => !reader.Has(OperatorTrait.ReadsShape)))
            {
                if (Other(reader, item.Value) is { } other && moving.Contains(other))
                {
                    if (!(reader.Is("Div") && reader.Inputs[1] == item.Value && !item.Inverted) && !(reader.Is("Mul") && item.Inverted))
                    {
                        return [];
                    }

                    results.Add(reader.Output);
                }
                else if (Passes(reader))
                {
                    var turns = reader.Is("Reciprocal") || (reader.Is("Div") && reader.Inputs[1] == item.Value);
                    queue.Enqueue((reader.Output, item.Inverted ^ turns));
                }
                else
                {
                    return [];
                }
            }
        }

        return results;
    }

    private static string? Other(Node reader, string value) =>
        reader.Inputs.Count == 2 && reader.Op is "Add" or "Sub" or "Mul" or "Div" or "Max" or "Min" or "Pow"
            ? reader.Inputs[reader.Inputs[0] == value ? 1 : 0]
            : null;

    /// <summary>Bounds, small numbers, constants and layouts on the way leave a scale a scale.</summary>
    private static bool Passes(Node reader) =>
        reader.Domain.Length == 0
        && (
            reader.Op is "Add" or "Mul" or "Div" or "Max" or "Min" or "Clip" or "Reciprocal" or "Cast" or "Where"
            || reader.Has(OperatorTrait.Reshapes | OperatorTrait.Moves)
        );
}
