using System.Numerics.Tensors;
using ExplainService.Runtime;

namespace ExplainService.Methods.Attention;

/// <summary>Mean or maximum over chosen layers and heads.</summary>
internal static class HeadReduction
{
    /// <summary>[queries × keys].</summary>
    public static double[] Reduce(AttentionMaps maps, IReadOnlyList<int> layers, IReadOnlyList<int> heads, bool largest)
    {
        var result = new double[maps.Queries * maps.Keys];
        var map = new double[result.Length];
        foreach (var layer in layers)
        {
            foreach (var head in heads)
            {
                TensorPrimitives.ConvertTruncating<float, double>(maps.Values[layer][head], map);
                if (largest)
                {
                    TensorPrimitives.Max<double>(result, map, result);
                }
                else
                {
                    TensorPrimitives.Add<double>(result, map, result);
                }
            }
        }

        if (!largest)
        {
            TensorPrimitives.Divide(result, (double)(layers.Count * heads.Count), result);
        }

        return result;
    }
}
