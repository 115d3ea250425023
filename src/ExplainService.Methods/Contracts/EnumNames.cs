using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ExplainService.Methods.Contracts;

/// <summary>
/// The snake_case names of enums, as they stand in JSON: the only names by which requests, answers, features and messages call a value.
/// </summary>
public static class EnumNames
{
    /// <summary>Value → name.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    /// <summary>Name → value; spelled exactly.</summary>
    public static bool TryRead<T>([NotNullWhen(true)] string? name, out T value)
        where T : struct, Enum
    {
        value = default;
        return name is not null && Names<T>.ByName.TryGetValue(name, out value);
    }

    /// <summary>Every name, in the order of the values.</summary>
    /// <param name="except">A value that cannot be named alone (<c>text</c> of a union).</param>
    public static IEnumerable<string> All<T>(T? except = null)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => !value.Equals(except)).Select(Of);

    /// <summary>The names as a sentence's end: <c>one of "a", "b"</c>.</summary>
    /// <inheritdoc cref="All"/>
    public static string Choices<T>(T? except = null)
        where T : struct, Enum => "one of " + string.Join(", ", All(except).Select(name => $"\"{name}\""));

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByValue = Enum.GetValues<T>()
            .ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        public static readonly FrozenDictionary<string, T> ByName = ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }
}
