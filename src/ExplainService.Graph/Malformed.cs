namespace ExplainService.Graph;

/// <summary>
/// Turns what a contradictory graph trips over, deep inside a rule that expects sense (a missing input, an attribute of another type), into
/// one clear refusal. A model file is untrusted input; a service must answer for it.
/// </summary>
internal static class Malformed
{
    /// <summary>Runs a step that reads a model's graph.</summary>
    /// <exception cref="GraphFormatException">The graph contradicts itself.</exception>
    public static T Refuse<T>(string step, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error)
            when (error
                    is IndexOutOfRangeException
                        or ArgumentException
                        or InvalidCastException
                        or InvalidOperationException
                        or NullReferenceException
                        or KeyNotFoundException
                        or OverflowException
                        or DivideByZeroException
                        or FormatException
            )
        {
            throw new GraphFormatException($"The graph contradicts itself where {step}: {error.Message}", error);
        }
    }
}
