using System.Text.Json.Nodes;

namespace ExplainService.Api.Adapters;

/// <summary>Describes an endpoint of a peer's protocol for the OpenAPI document.</summary>
internal sealed record PeerOperation
{
    private PeerOperation() { }

    /// <summary>One without a body.</summary>
    public static PeerOperation WithoutBody { get; } = new();

    /// <summary>The record that its body is read as; null: there is none.</summary>
    public Type? Body { get; private init; }

    /// <summary>A request that works as it stands.</summary>
    public JsonNode? Example { get; private init; }

    /// <summary>Content types, that of the example first.</summary>
    public IReadOnlyList<string> MediaTypes { get; private init; } = [];

    /// <summary>One with a body. (ASP.NET's own mark would refuse other content types before it is known whose form a refusal has.)</summary>
    /// <typeparam name="T">The record that it is read as.</typeparam>
    /// <param name="example">A request that works as it stands.</param>
    /// <param name="mediaTypes">Content types; default: JSON.</param>
    public static PeerOperation Of<T>(JsonNode example, params string[] mediaTypes) =>
        new()
        {
            Body = typeof(T),
            Example = example,
            MediaTypes = mediaTypes.Length > 0 ? mediaTypes : ["application/json"],
        };
}
