using System.Reflection;
using System.Text.Json;
using ExplainService.Methods.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ExplainService.Api.OpenApi;

/// <summary>
/// Answers leave out what they do not have and write no nulls: a field is required and has a value, or it is optional and has one where it
/// is there.
/// </summary>
internal sealed class AnswerSchemas : ISchemaFilter
{
    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } answer || RequestSchemas.IsOfRequests(context.Type))
        {
            return;
        }

        var nullability = new NullabilityInfoContext();
        var always = context.Type.GetCustomAttributes<AlwaysGivenAttribute>(inherit: true).SelectMany(given => given.Fields).ToHashSet();
        answer.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!answer.Properties!.TryGetValue(name, out var field))
            {
                continue;
            }

            if (nullability.Create(property).ReadState == NullabilityState.NotNull || always.Contains(property.Name))
            {
                answer.Required.Add(name);
            }

            if (field is OpenApiSchema own)
            {
                own.Type &= ~JsonSchemaType.Null;
            }
        }
    }
}
