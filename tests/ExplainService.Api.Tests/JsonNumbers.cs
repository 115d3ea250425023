using System.Text.Json;

namespace ExplainService.Api.Tests;

/// <summary>Comparing the numbers of answers with references.</summary>
internal static class JsonNumbers
{
    /// <summary>A list of numbers.</summary>
    public static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetDouble())];

    /// <summary>The numbers of lists in lists, in order.</summary>
    public static double[] Flat(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Flat)] : [element.GetDouble()];

    /// <summary>A row of a map.</summary>
    public static double[] Numbers(float[] row) => [.. row.Select(number => (double)number)];

    /// <summary>The rows of a map, one after another.</summary>
    public static double[] Flat(float[][] rows) => [.. rows.SelectMany(Numbers)];

    /// <summary>Maps by layer and head, one after another.</summary>
    public static double[] Flat(float[][][][] maps) => [.. maps.SelectMany(heads => heads).SelectMany(Flat)];

    /// <summary>The rows of a matrix, one after another.</summary>
    public static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    /// <summary>As many numbers, none further off than this.</summary>
    public static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var differences = expected.Zip(actual, (a, b) => Math.Abs(a - b)).ToArray();

        // Not by the largest: that of a list with NaN is one of the others.
        Assert.True(
            Array.TrueForAll(differences, difference => difference <= tolerance),
            $"differences up to {differences.DefaultIfEmpty(0).Max():g4}, or no numbers, where {tolerance:g4} is allowed"
        );
    }

    /// <summary>None further off than this part of the largest expected one.</summary>
    public static void NearRelative(double[] expected, double[] actual, double tolerance) =>
        Near(expected, actual, tolerance * expected.Max(Math.Abs));
}
