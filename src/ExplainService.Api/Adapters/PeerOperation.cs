using System.Text.Json.Nodes;

namespace ExplainService.Api.Adapters;

/// <summary>Describes an endpoint of a peer's protocol for the OpenAPI document.</summary>
/// <param name="Example">A request that works as it stands; null: there is no body.</param>
internal sealed record PeerOperation(JsonNode? Example = null);
