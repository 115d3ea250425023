namespace ExplainService.Methods.Numerics;

/// <summary>
/// The numbers 0, 1, … <paramref name="size"/> − 1 in uniformly random order, one at a time (Fisher and Yates): only what has moved from its
/// place is kept, so that the first few of many numbers cost few.
/// </summary>
/// <param name="size">How many there are.</param>
public sealed class RandomOrder(int size)
{
    private readonly Dictionary<int, int> moved = [];
    private int given;

    /// <summary>The next number; each is given once.</summary>
    /// <exception cref="InvalidOperationException">All have been given.</exception>
    public int Next(SeededRandom random)
    {
        if (given == size)
        {
            throw new InvalidOperationException($"All {size} numbers have been given.");
        }

        var place = given + random.Next(size - given);
        var number = moved.GetValueOrDefault(place, place);
        if (place != given)
        {
            moved[place] = moved.GetValueOrDefault(given, given);
        }

        moved.Remove(given++);
        return number;
    }
}
