namespace ExplainService.Methods.Contracts;

/// <summary>Names that a field may take which are found in the code rather than listed: one a class.</summary>
public interface IChoices
{
    /// <summary>The names, as they stand in JSON.</summary>
    static abstract IReadOnlyList<string> Names { get; }
}

/// <summary>One of some names. In JSON a string; the OpenAPI document lists them.</summary>
/// <typeparam name="TChoices">Knows the names.</typeparam>
/// <param name="Name">The chosen one.</param>
public sealed record Choice<TChoices>(string Name)
    where TChoices : IChoices
{
    /// <summary>The choice of a name.</summary>
    public static implicit operator Choice<TChoices>(string name) => new(name);
}
