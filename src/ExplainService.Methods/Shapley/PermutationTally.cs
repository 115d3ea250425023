using System.Numerics.Tensors;
using ExplainService.Methods.Numerics;

namespace ExplainService.Methods.Shapley;

/// <summary>Means and standard errors over walks; two whole walks, there and back, are one observation.</summary>
internal sealed class PermutationTally(int players, int outputs)
{
    private readonly double[,] sums = new double[outputs, players];
    private readonly double[,] squares = new double[outputs, players];
    private readonly double[,] extras = new double[outputs, players];
    private readonly int[] extraCounts = new int[players];
    private readonly double[] blockSpread = new double[outputs];
    private bool coarse;

    /// <summary>Whole orders walked there and back.</summary>
    public int Pairs { get; private set; }

    /// <summary>Adds the walks whose coalitions are all known; the first walk that is not ends it.</summary>
    public void Add(List<PermutationWalk> walks, CoalitionValues known)
    {
        for (var i = 0; i < walks.Count; )
        {
            var both = walks[i].Kind != PermutationWalk.Extent.Part;
            var now = both ? walks[i..(i + 2)] : walks[i..(i + 1)];
            if (!now.All(walk => walk.Coalitions.TrueForAll(known.Contains)))
            {
                return;
            }

            AddObservation(now, known);
            i += now.Count;
        }
    }

    /// <summary>What the time allowed of the first walks: the steps that are known one by one, and between them whole blocks.</summary>
    public void AddBegun(List<PermutationWalk> walks, CoalitionValues known)
    {
        var begun = walks
            .Where(walk => walk.Kind != PermutationWalk.Extent.Part)
            .Take(2)
            .Select(walk => walk.Through(known.Contains))
            .Where(walk => walk.Steps.Count > 1)
            .ToList();
        if (begun.Count > 0)
        {
            AddObservation(begun, known);
        }
    }

    /// <summary>[outputs][players], adding up to full − empty.</summary>
    public double[][] Scores(double[] empty, double[] full)
    {
        var scores = new double[outputs][];
        for (var output = 0; output < outputs; output++)
        {
            scores[output] = new double[players];
            for (var i = 0; i < players && (Pairs > 0 || coarse); i++)
            {
                // A part of an order meets a player once, a pair of walks twice.
                var pairs = coarse ? 1 : Pairs;
                scores[output][i] = (sums[output, i] + (extras[output, i] / 2)) / (pairs + (extraCounts[i] / 2.0));
            }

            var rest = full[output] - empty[output] - TensorPrimitives.Sum<double>(scores[output]);
            TensorPrimitives.Add(scores[output], rest / players, scores[output]);
        }

        return scores;
    }

    /// <summary>[outputs][players]; widened for few observations so that two of them hold the truth 95 % of the time.</summary>
    public double[][] Errors()
    {
        var errors = new double[outputs][];
        var counts = Enumerable.Repeat(Pairs, players).ToArray();
        for (var output = 0; output < outputs; output++)
        {
            errors[output] =
                Pairs < 2
                    ? [.. Enumerable.Repeat(Math.Sqrt(blockSpread[output]), players)]
                    : SmallSampleErrors.StandardErrors(
                        [.. Enumerable.Range(0, players).Select(player => Deviations(output, player))],
                        counts
                    );
        }

        return errors;
    }

    private double Deviations(int output, int player) =>
        Math.Max(0, squares[output, player] - (sums[output, player] * sums[output, player] / Pairs));

    private void AddObservation(List<PermutationWalk> walks, CoalitionValues known)
    {
        var kind = walks[0].Kind;
        for (var output = 0; output < outputs; output++)
        {
            var means = new double[players];
            foreach (var walk in walks)
            {
                foreach (var (from, to, members) in walk.Steps)
                {
                    var added = known[walk.Coalitions[to]][output] - known[walk.Coalitions[from]][output];
                    foreach (var player in members)
                    {
                        means[player] += added / members.Length / walks.Count;
                    }

                    // Independent players of variance σ² would add to a block one of σ² times its size.
                    blockSpread[output] += Pairs > 0 ? 0 : added * added / members.Length / walk.Steps.Count / walks.Count;
                }
            }

            for (var i = 0; i < players; i++)
            {
                if (kind == PermutationWalk.Extent.Part)
                {
                    extras[output, i] += means[i];
                    continue;
                }

                sums[output, i] += means[i];
                squares[output, i] += means[i] * means[i];
            }
        }

        Pairs += kind == PermutationWalk.Extent.Whole ? 1 : 0;
        coarse |= kind == PermutationWalk.Extent.Blocks;
        foreach (var (_, _, members) in kind == PermutationWalk.Extent.Part ? walks[0].Steps : [])
        {
            extraCounts[members[0]]++;
        }
    }
}
