namespace ExplainService.Runtime.Models.Running;

/// <summary>Compares two ways of computing a row's logits.</summary>
internal static class SameLogits
{
    /// <summary>Whether no two differ by more than this part of the largest logit.</summary>
    public static bool Within(float tolerance, Logits expected, Logits actual)
    {
        if (expected.Values.Length != actual.Values.Length)
            return false;

        var limit = tolerance * Math.Max(1, expected.Values.Max(Math.Abs));
        return expected.Values.Zip(actual.Values).All(pair => Math.Abs(pair.First - pair.Second) <= limit);
    }
}
