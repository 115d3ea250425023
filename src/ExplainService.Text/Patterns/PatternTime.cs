namespace ExplainService.Text.Patterns;

/// <summary>
/// How long the patterns of a tokenizer have taken for the text that this thread is at. A pattern may come from anywhere: one that takes
/// long for every piece of a text ends as one that takes long for a single match.
/// </summary>
internal static class PatternTime
{
    private const long Milliseconds = 1000;
    private const long CharactersAMillisecond = 250;

    [ThreadStatic]
    private static long spent;

    [ThreadStatic]
    private static long characters;

    /// <summary>Another text begins.</summary>
    public static void Begin() => (spent, characters) = (0, 0);

    /// <summary>Counts what a pattern has taken.</summary>
    /// <returns>Whether there is time left.</returns>
    public static bool Spend(long milliseconds, int length)
    {
        spent += milliseconds;
        characters += length;
        return spent < Milliseconds + (characters / CharactersAMillisecond);
    }
}
