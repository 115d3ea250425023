namespace ExplainService.Methods.Attention;

/// <summary>
/// Attention flow (Abnar and Zuidema 2020): the layered graph of rollout read as a network of pipes whose capacities are the mixed
/// attention weights; the score of an input for a query is the maximum flow from the query's node above the last layer to the input's node
/// below the first.
/// </summary>
/// <remarks>
/// The network is layered and dense, so that Dinic's blocking flows are found by depth-first search with a current-arc pointer a node.
/// Residual capacities under <see cref="Epsilon"/> count as full.
/// </remarks>
public sealed class MaximumFlow
{
    private const double Epsilon = 1e-12;
    private readonly int n;
    private readonly double[][] capacity;
    private readonly double[][] residual;
    private readonly double[][] reverse;
    private readonly int[] level;
    private readonly int[] arc;
    private readonly int[] queue;

    /// <summary>The network of these layers.</summary>
    /// <param name="layers">Mixed attention ½A + ½I from the first layer to the last, [layer][n × n].</param>
    /// <param name="n">Tokens.</param>
    public MaximumFlow(IReadOnlyList<double[]> layers, int n)
    {
        this.n = n;
        capacity = [.. layers];
        residual = [.. layers.Select(layer => new double[layer.Length])];
        reverse = [.. layers.Select(layer => new double[layer.Length])];
        level = new int[(layers.Count + 1) * n];
        arc = new int[level.Length];
        queue = new int[level.Length];
    }

    /// <summary>The flow from a query to an input token.</summary>
    public double Between(int query, int key)
    {
        for (var layer = 0; layer < capacity.Length; layer++)
        {
            capacity[layer].CopyTo(residual[layer], 0);
            Array.Clear(reverse[layer]);
        }

        var flow = 0.0;
        var source = (capacity.Length * n) + query;
        while (FindLevels(source, key))
        {
            Array.Clear(arc);
            for (
                var pushed = Push(source, key, double.PositiveInfinity);
                pushed > Epsilon;
                pushed = Push(source, key, double.PositiveInfinity)
            )
            {
                flow += pushed;
            }
        }

        return flow;
    }

    /// <summary>Nodes are numbered (layer × n + token), the inputs being layer 0; an edge of layer l leads from l + 1 down to l.</summary>
    private bool FindLevels(int source, int sink)
    {
        Array.Fill(level, -1);
        level[source] = 0;
        var (head, tail) = (0, 0);
        queue[tail++] = source;
        while (head < tail)
        {
            var node = queue[head++];
            for (var next = 0; next < 2 * n; next++)
            {
                var neighbour = Neighbour(node, next, out var left);
                if (left > Epsilon && level[neighbour] < 0)
                {
                    level[neighbour] = level[node] + 1;
                    queue[tail++] = neighbour;
                }
            }
        }

        return level[sink] >= 0;
    }

    private double Push(int node, int sink, double limit)
    {
        if (node == sink)
        {
            return limit;
        }

        for (; arc[node] < 2 * n; arc[node]++)
        {
            var neighbour = Neighbour(node, arc[node], out var left);
            if (left <= Epsilon || level[neighbour] != level[node] + 1)
            {
                continue;
            }

            var pushed = Push(neighbour, sink, Math.Min(limit, left));
            if (pushed > Epsilon)
            {
                Send(node, arc[node], pushed);
                return pushed;
            }
        }

        return 0;
    }

    /// <summary>Arcs 0 to n−1 of a node lead down, arcs n to 2n−1 take flow back up.</summary>
    private int Neighbour(int node, int index, out double left)
    {
        var (layer, token) = (node / n, node % n);
        if (index < n)
        {
            left = layer == 0 ? 0 : residual[layer - 1][(token * n) + index];
            return layer == 0 ? node : ((layer - 1) * n) + index;
        }

        left = layer == capacity.Length ? 0 : reverse[layer][((index - n) * n) + token];
        return layer == capacity.Length ? node : ((layer + 1) * n) + index - n;
    }

    private void Send(int node, int index, double amount)
    {
        var (layer, token) = (node / n, node % n);
        if (index < n)
        {
            residual[layer - 1][(token * n) + index] -= amount;
            reverse[layer - 1][(token * n) + index] += amount;
        }
        else
        {
            reverse[layer][((index - n) * n) + token] -= amount;
            residual[layer][((index - n) * n) + token] += amount;
        }
    }
}
