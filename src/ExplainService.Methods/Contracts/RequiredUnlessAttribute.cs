namespace ExplainService.Methods.Contracts;

/// <summary>A field that a request must have where it has none of some others.</summary>
/// <param name="others">The other properties' names; a request without such a property has none.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredUnlessAttribute(params string[] others) : Attribute
{
    /// <summary>The other properties' names.</summary>
    public IReadOnlyList<string> Others => others;
}
