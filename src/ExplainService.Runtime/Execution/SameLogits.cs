namespace ExplainService.Runtime.Execution;

/// <summary>Compares two ways of computing a row's logits.</summary>
internal static class SameLogits
{
    /// <summary>Whether no two differ by more than this part of the largest logit.</summary>
    public static bool Within(float tolerance, Logits expected, Logits actual) => Within(tolerance, expected.Values, actual.Values);

    /// <inheritdoc cref="Within(float, Logits, Logits)"/>
    public static bool Within(float tolerance, float[] expected, float[] actual)
    {
        if (expected.Length != actual.Length)
        {
            return false;
        }

        var limit = tolerance * Math.Max(1, expected.Max(Math.Abs));
        return expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= limit);
    }
}
