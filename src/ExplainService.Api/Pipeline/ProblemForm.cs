using System.Text.Json.Nodes;
using ExplainService.Protocol.Problems;

namespace ExplainService.Api.Pipeline;

/// <summary>Marks endpoints that speak another service's protocol, by how its clients read what went wrong.</summary>
/// <param name="Of">The answer, as JSON.</param>
internal sealed record ProblemForm(Func<Problem, JsonNode> Of)
{
    /// <summary>The status that those clients know: none of their protocols tells what is malformed from what is impossible.</summary>
    public static int StatusOf(Problem problem) => problem.Status == 422 ? 400 : problem.Status;
}
