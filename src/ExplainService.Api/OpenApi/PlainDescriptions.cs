using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>
/// References in XML comments (<c>cref</c>) come out as names of the code; readers of the document know fields by their JSON names.
/// </summary>
internal sealed partial class PlainDescriptions : IDocumentFilter
{
    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        foreach (var schema in swaggerDoc.Components?.Schemas?.Values ?? [])
        {
            schema.Description = Plain(schema.Description);
            foreach (var property in schema.Properties?.Values ?? [])
            {
                property.Description = Plain(property.Description);
            }
        }
    }

    private static string? Plain(string? description) =>
        description is null
            ? null
            : CodeName().Replace(description, match => $"`{JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups["name"].Value)}`");

    [GeneratedRegex(@"ExplainService\.(\w+\.)*(?<name>\w+)")]
    private static partial Regex CodeName();
}
