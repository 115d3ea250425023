namespace ExplainService.Methods.Contracts;

/// <summary>A field that a request must have where it has not another.</summary>
/// <param name="other">The other property's name.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredUnlessAttribute(string other) : Attribute
{
    /// <summary>The other property's name.</summary>
    public string Other => other;
}
