using System.Numerics.Tensors;

namespace ExplainService.Methods.Shapley;

/// <summary>
/// Inner products of coalitions over Walsh functions χ_U(S) = Π_{i∈U} ±1, without ever listing the functions. With an importance w_i a
/// player, the functions of order d give K_d(S, T) = e_d(w∘s∘t) / e_d(w), e_d the elementary symmetric polynomial, which Newton's
/// identities make from power sums; those of even power are constants and those of odd power are weighted dot products. So thousands
/// of third- and fifth-order terms cost no more than the linear ones.
/// </summary>
internal sealed class WalshKernel
{
    private readonly double[] importance;
    private readonly int highest;
    private readonly double[] evenPowerSums;

    // Of one coalition: w_i^(2p+1)·s_i by p, its power sums with another, their polynomials. A kernel is for one thread.
    private readonly double[][] oddPowers;
    private readonly double[][] weighted;
    private readonly double[] sums;
    private readonly double[] polynomials;

    /// <param name="importance">w [players], positive.</param>
    /// <param name="highest">The highest order asked for.</param>
    public WalshKernel(double[] importance, int highest)
    {
        (this.importance, this.highest) = (importance, highest);
        evenPowerSums = new double[highest + 1];
        for (var power = 2; power <= highest; power += 2)
        {
            foreach (var w in importance)
            {
                evenPowerSums[power] += Math.Pow(w, power);
            }
        }

        Norms = Elementary(importance);
        oddPowers = [.. Enumerable.Range(0, (highest + 1) / 2).Select(p => importance.Select(w => Math.Pow(w, (2 * p) + 1)).ToArray())];
        weighted = [.. oddPowers.Select(_ => new double[importance.Length])];
        sums = (double[])evenPowerSums.Clone();
        polynomials = new double[highest + 1];
    }

    /// <summary>e_d(w) for d from 0 to the highest order.</summary>
    public double[] Norms { get; }

    /// <summary>K_d of one coalition with others, for each order asked.</summary>
    /// <param name="left">Signs of the one [players].</param>
    /// <param name="right">Signs of the others [others][players].</param>
    /// <param name="orders">d.</param>
    /// <param name="rows">[orders][at least others].</param>
    public void Row(ReadOnlySpan<double> left, ReadOnlySpan<double[]> right, int[] orders, double[][] rows)
    {
        for (var p = 0; p < weighted.Length; p++)
        {
            TensorPrimitives.Multiply(oddPowers[p], left, weighted[p]);
        }

        for (var b = 0; b < right.Length; b++)
        {
            for (var p = 0; p < weighted.Length; p++)
            {
                sums[(2 * p) + 1] = TensorPrimitives.Dot<double>(weighted[p], right[b]);
            }

            Newton(sums, polynomials);
            for (var o = 0; o < orders.Length; o++)
            {
                rows[o][b] = polynomials[orders[o]] / Norms[orders[o]];
            }
        }
    }

    /// <summary>K_d of every two of the coalitions, for each order asked: [orders][n × n], both triangles.</summary>
    public double[][] Gram(double[][] signs, int[] orders)
    {
        var n = signs.Length;
        var grams = orders.Select(_ => new double[n * n]).ToArray();
        var rows = orders.Select(_ => new double[n]).ToArray();
        for (var a = 0; a < n; a++)
        {
            Row(signs[a], signs.AsSpan(0, a + 1), orders, rows);
            for (var o = 0; o < orders.Length; o++)
            {
                for (var b = 0; b <= a; b++)
                {
                    grams[o][(a * n) + b] = grams[o][(b * n) + a] = rows[o][b];
                }
            }
        }

        return grams;
    }

    /// <summary>Σ_d E_d·K_d of every two of the coalitions: [n × n], the lower triangle alone.</summary>
    public double[] Covariance(double[][] signs, int[] orders, double[] energies)
    {
        var n = signs.Length;
        var covariance = new double[n * n];
        var rows = orders.Select(_ => new double[n]).ToArray();
        for (var a = 0; a < n; a++)
        {
            Row(signs[a], signs.AsSpan(0, a + 1), orders, rows);
            var sum = covariance.AsSpan(a * n, a + 1);
            for (var o = 0; o < orders.Length; o++)
            {
                TensorPrimitives.MultiplyAdd(rows[o].AsSpan(0, a + 1), energies[o], sum, sum);
            }
        }

        return covariance;
    }

    /// <summary>
    /// For one coalition T and each player i: Σ_{U∋i, |U|=d} w_U χ_U(T) / e_d(w), the share of K_d that i has a part in; [players].
    /// </summary>
    public void Parts(ReadOnlySpan<double> signs, int order, Span<double> parts)
    {
        var terms = new double[importance.Length];
        TensorPrimitives.Multiply(importance, signs, terms);
        var whole = Elementary(terms);
        for (var i = 0; i < terms.Length; i++)
        {
            parts[i] = terms[i] * ElementaryWithout(whole, terms[i], order - 1) / Norms[order];
        }
    }

    /// <summary>
    /// The same for pairs of players: Σ_{U∋i,j, |U|=d} w_U χ_U(T) / e_d(w), times <paramref name="factor"/>, added to [i, j].
    /// </summary>
    public void AddPairParts(ReadOnlySpan<double> signs, int order, double factor, double[,] parts)
    {
        var terms = new double[importance.Length];
        TensorPrimitives.Multiply(importance, signs, terms);
        var whole = Elementary(terms);
        var without = new double[order + 1];
        for (var i = 0; i < terms.Length; i++)
        {
            for (var d = 0; d <= order; d++)
            {
                without[d] = ElementaryWithout(whole, terms[i], d);
            }

            for (var j = 0; j < i; j++)
            {
                var part = factor * terms[i] * terms[j] * ElementaryWithout(without, terms[j], order - 2) / Norms[order];
                parts[i, j] += part;
                parts[j, i] += part;
            }
        }
    }

    /// <summary>
    /// The same for triples, in the order of <see cref="TripleShapley"/>: Σ_{U∋i,j,k, |U|=d} w_U χ_U(T) / e_d(w), times <paramref name="factor"/>,
    /// added.
    /// </summary>
    public void AddTripleParts(ReadOnlySpan<double> signs, int order, double factor, Span<double> parts)
    {
        var terms = new double[importance.Length];
        TensorPrimitives.Multiply(importance, signs, terms);
        var whole = Elementary(terms);
        var (without, withoutBoth) = (new double[order + 1], new double[order + 1]);
        var at = 0;
        for (var k = 0; k < terms.Length; k++)
        {
            Without(whole, terms[k], without);
            for (var j = 0; j < k; j++)
            {
                Without(without, terms[j], withoutBoth);
                var both = factor * terms[k] * terms[j] / Norms[order];
                for (var i = 0; i < j; i++)
                {
                    parts[at++] += both * terms[i] * ElementaryWithout(withoutBoth, terms[i], order - 3);
                }
            }
        }

        void Without(double[] all, double a, double[] rest)
        {
            for (var d = 0; d <= order; d++)
            {
                rest[d] = ElementaryWithout(all, a, d);
            }
        }
    }

    // e_k without one variable a: e_k(x) = e_k(x∖a) + a·e_{k−1}(x∖a).
    private static double ElementaryWithout(double[] whole, double a, int order)
    {
        var value = 1.0;
        for (var k = 1; k <= order; k++)
        {
            value = whole[k] - (a * value);
        }

        return value;
    }

    private double[] Elementary(ReadOnlySpan<double> terms)
    {
        var result = new double[highest + 1];
        result[0] = 1;
        for (var t = 0; t < terms.Length; t++)
        {
            for (var d = Math.Min(highest, t + 1); d > 0; d--)
            {
                result[d] += terms[t] * result[d - 1];
            }
        }

        return result;
    }

    // Newton's identities: k·e_k = Σ_{i=1..k} (−1)^{i−1} e_{k−i} p_i.
    private void Newton(double[] powerSums, double[] e)
    {
        e[0] = 1;
        for (var k = 1; k <= highest; k++)
        {
            var sum = 0.0;
            for (var i = 1; i <= k; i++)
            {
                sum += (i & 1) != 0 ? e[k - i] * powerSums[i] : -e[k - i] * powerSums[i];
            }

            e[k] = sum / k;
        }
    }
}
