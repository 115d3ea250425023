namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>A dictionary of a template, in the order of its keys.</summary>
internal class JinjaMap
{
    private readonly OrderedDictionary<string, object?> values = new(StringComparer.Ordinal);

    public int Count => values.Count;

    public IEnumerable<string> Keys => values.Keys;

    public IEnumerable<object?> Values => values.Values;

    public object? this[string key]
    {
        get => values.TryGetValue(key, out var value) ? value : JinjaUndefined.Of(key);
        set => values[key] = value;
    }

    public bool Has(string key) => values.ContainsKey(key);
}

/// <summary>What <c>namespace()</c> makes: the one thing whose attributes a template may set.</summary>
internal sealed class JinjaNamespace : JinjaMap;

/// <summary>A value that is not there: empty where it is written or walked over.</summary>
internal sealed record JinjaUndefined(string Name)
{
    public static JinjaUndefined Of(string name) => new(name);
}

/// <summary>What may be called: a macro, a method, a function that every template has.</summary>
internal delegate object? JinjaFunction(JinjaArguments arguments);

/// <summary>Arguments of a call, by place and by name.</summary>
internal sealed record JinjaArguments(IReadOnlyList<object?> Places, IReadOnlyDictionary<string, object?> Names)
{
    public static JinjaArguments None { get; } = new([], new Dictionary<string, object?>());

    /// <summary>An argument; where it is not given, what stands for it.</summary>
    public object? Get(int place, string name, object? otherwise = null) =>
        place < Places.Count ? Places[place]
        : Names.TryGetValue(name, out var value) ? value
        : otherwise;
}
