using System.Collections;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>A list that counts how often one of its items is read: what is read a few times each is read in proportion to its length.</summary>
internal sealed class CountedList<T>(IReadOnlyList<T> items) : IReadOnlyList<T>
{
    public long Reads { get; private set; }

    public int Count => items.Count;

    public T this[int index]
    {
        get
        {
            Reads++;
            return items[index];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var index = 0; index < items.Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
