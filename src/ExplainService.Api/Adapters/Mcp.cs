using ExplainService.Api.Access;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using Microsoft.AspNetCore.Mvc;
using ModelContextProtocol.Protocol;

namespace ExplainService.Api.Adapters;

/// <summary>The Model Context Protocol at <c>/mcp</c>: an assistant asks why a model said something.</summary>
internal static class Mcp
{
    private const string Instructions =
        "Explains the predictions of text models served here. Ask predict for what a model says of a text, explain for which words made it "
        + "say so, counterfactual for the smallest change that makes it say otherwise, compare for which explanation can be trusted most.";

    /// <summary>Registers the server; each request stands alone, so that any instance answers any.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services
            .AddMcpServer(server =>
            {
                server.ServerInfo = new Implementation { Name = "explain-service", Version = ServiceVersion.Number };
                server.ServerInstructions = Instructions;
            })
            .WithHttpTransport(transport => transport.Stateless = true)
            .WithTools(McpTool.All);
    }

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerLimits limits) =>
        routes.MapMcp("/mcp").WithMetadata(new NeededScope(Scopes.Explain), new RequestSizeLimitAttribute(limits.MaxBodyBytes));
}
