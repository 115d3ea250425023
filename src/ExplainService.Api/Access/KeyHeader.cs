namespace ExplainService.Api.Access;

/// <summary>The header of a key, beside <c>Authorization</c>.</summary>
internal static class KeyHeader
{
    /// <summary>Its name.</summary>
    public const string Name = "X-Api-Key";
}
