namespace ExplainService.Methods.Attention;

/// <summary>
/// Attention flow (Abnar and Zuidema 2020): the layered graph of rollout read as a network of pipes whose capacities are the mixed
/// attention weights; the score of an input for a query is the maximum flow from the query's node above the last layer to the input's node
/// below the first.
/// </summary>
/// <remarks>
/// Dinic's blocking flows, found by depth-first search with a current-arc pointer a node. The network is layered and dense, which saves
/// most of the work: the levels of the first blocking flow are the layers themselves, and where the flow fills all that leaves the query
/// or all that enters the input, it is the largest without a search that proves it. Residual capacities under <see cref="Epsilon"/> count
/// as full.
/// </remarks>
public sealed class MaximumFlow
{
    private const double Epsilon = 1e-12;
    private const int Unreached = -1;
    private readonly int n;
    private readonly int layers;
    private readonly double[][] capacity;

    // What an edge of layer l, from a node at l + 1 to one at l, still takes, [from × to], and what it could give back, [to × from].
    private readonly double[][] down;
    private readonly double[][] up;
    private readonly List<(int Layer, int From, int To)> touched = [];
    private readonly int[] level;
    private readonly int[] arc;
    private readonly int[] queue;
    private int sink;

    /// <summary>The network of these layers.</summary>
    /// <param name="mixed">Mixed attention ½A + ½I from the first layer to the last, two or more, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    public MaximumFlow(IReadOnlyList<double[]> mixed, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mixed.Count, 2, nameof(mixed));
        (this.n, layers, capacity) = (n, mixed.Count, [.. mixed]);
        down = [.. mixed.Select(layer => (double[])layer.Clone())];
        up = [.. mixed.Select(layer => new double[layer.Length])];
        level = new int[(layers + 1) * n];
        arc = new int[level.Length];
        queue = new int[level.Length];
    }

    /// <summary>The flow from a query to an input token.</summary>
    public double Between(int query, int key)
    {
        Restore();
        sink = key;
        var (leaving, entering) = (0.0, 0.0);
        for (var token = 0; token < n; token++)
        {
            leaving += capacity[^1][(query * n) + token];
            entering += capacity[0][(token * n) + key];
        }

        var (flow, most) = (0.0, Math.Min(leaving, entering));
        for (var reached = LevelByLayer(query); reached && flow < most - Epsilon; reached = FindLevels(query))
        {
            Array.Clear(arc);
            double pushed;
            do
            {
                pushed = Push(layers, query, double.PositiveInfinity);
                flow += pushed;
            } while (pushed > Epsilon);
        }

        return Math.Min(flow, most);
    }

    private void Restore()
    {
        foreach (var (layer, from, to) in touched)
        {
            down[layer][(from * n) + to] = capacity[layer][(from * n) + to];
            up[layer][(to * n) + from] = 0;
        }

        touched.Clear();
    }

    /// <summary>Before anything flows, every node is as far from the query as its layer. Nodes are numbered layer × n + token.</summary>
    private bool LevelByLayer(int query)
    {
        for (var layer = 1; layer < layers; layer++)
        {
            level.AsSpan(layer * n, n).Fill(layers - layer);
        }

        level[(layers * n) + query] = 0;
        level[sink] = layers;
        return true;
    }

    /// <summary>Breadth first through what is left; false where the input cannot be reached any more.</summary>
    private bool FindLevels(int query)
    {
        Array.Fill(level, Unreached);
        var source = (layers * n) + query;
        level[source] = 0;
        var (head, tail) = (0, 0);
        queue[tail++] = source;
        while (head < tail)
        {
            var node = queue[head++];
            var (layer, token, next) = (node / n, node % n, level[node] + 1);
            if (level[sink] == next - 1)
            {
                break;
            }

            if (layer == 1)
            {
                if (level[sink] == Unreached && down[0][(token * n) + sink] > Epsilon)
                {
                    level[sink] = next;
                }
            }
            else
            {
                Reach(down[layer - 1].AsSpan(token * n, n), (layer - 1) * n, next, ref tail);
            }

            if (layer < layers - 1)
            {
                Reach(up[layer].AsSpan(token * n, n), (layer + 1) * n, next, ref tail);
            }
        }

        return level[sink] != Unreached;
    }

    private void Reach(ReadOnlySpan<double> left, int first, int next, ref int tail)
    {
        for (var token = 0; token < left.Length; token++)
        {
            if (left[token] > Epsilon && level[first + token] == Unreached)
            {
                level[first + token] = next;
                queue[tail++] = first + token;
            }
        }
    }

    /// <summary>Sends what one path from a node to the input takes, at most a limit; 0 where there is none.</summary>
    private double Push(int layer, int token, double limit)
    {
        if (layer == 0)
        {
            return limit;
        }

        var node = (layer * n) + token;
        var next = level[node] + 1;
        for (; arc[node] < 2 * n; arc[node]++)
        {
            // Down first, and first to the token itself, where the residual connection gives half of all there is; then back up.
            var goesDown = arc[node] < n;
            var other = (goesDown ? token + arc[node] : arc[node]) % n;
            if (goesDown ? layer == 1 && other != sink : layer >= layers - 1)
            {
                continue;
            }

            var otherLayer = goesDown ? layer - 1 : layer + 1;
            var left = goesDown ? down[layer - 1][(token * n) + other] : up[layer][(token * n) + other];
            if (left <= Epsilon || level[(otherLayer * n) + other] != next)
            {
                continue;
            }

            var pushed = Push(otherLayer, other, Math.Min(limit, left));
            if (pushed > Epsilon)
            {
                Send(goesDown ? (layer - 1, token, other) : (layer, other, token), goesDown ? pushed : -pushed);
                return pushed;
            }
        }

        // A dead end for whoever else would come here.
        level[node] = Unreached;
        return 0;
    }

    private void Send((int Layer, int From, int To) edge, double amount)
    {
        touched.Add(edge);
        down[edge.Layer][(edge.From * n) + edge.To] -= amount;
        up[edge.Layer][(edge.To * n) + edge.From] += amount;
    }
}
