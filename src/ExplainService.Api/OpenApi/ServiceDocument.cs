using System.Reflection;
using System.Text.Json.Nodes;
using ExplainService.Api.Access;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using ExplainService.Text.Units;
using Microsoft.OpenApi;

namespace ExplainService.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c>, and Swagger UI over it; both work without a network.</summary>
internal static class ServiceDocument
{
    /// <summary>
    /// Of Swagger UI: its own files alone run and are called. Its icons are data, and it styles its parts one by one.
    /// </summary>
    public const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Name = "v1";
    private const string Page = "swagger";

    /// <summary>Registers the generator.</summary>
    public static void AddServiceDocument(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(document =>
        {
            document.SwaggerDoc(
                Name,
                new OpenApiInfo
                {
                    Title = "ExplainService",
                    Version = ServiceVersion.Number,
                    Description =
                        "Explains the predictions of language models given as ONNX folders. Fields are snake_case; unknown fields are refused; "
                        + "errors are RFC 9457 problems; the same request with the same seed draws the same and gives the same numbers, to the "
                        + "last bits of a row's logits, which depend on the rows that share its batch (scores differ by 2e-5 at most).",
                    License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
                }
            );
            document.AddServer(new OpenApiServer { Url = "/" });
            document.AddServer(new OpenApiServer { Url = "/v1", Description = "The same routes under their version" });
            document.SupportNonNullableReferenceTypes();
            document.NonNullableReferenceTypesAsRequired();
            document.MapType<JsonNode>(() => new OpenApiSchema());
            document.UnionTypes();
            document.Choices();
            document.SchemaFilter<RequestSchemas>();
            document.SchemaFilter<AnswerSchemas>();
            document.OperationFilter<ExplanationOperations>();
            document.OperationFilter<JobOperations>();
            document.OperationFilter<ModelParameters>();
            document.OperationFilter<ProblemResponses>();
            document.OperationFilter<PeerOperations>();
            SecuritySchemes.Describe(document);
            document.DocumentFilter<PlainDescriptions>();
            foreach (
                var assembly in (Assembly[])
                    [
                        typeof(ServiceDocument).Assembly,
                        typeof(Problem).Assembly,
                        typeof(JobRequest).Assembly,
                        typeof(Explanation).Assembly,
                        typeof(ModelTask).Assembly,
                        typeof(Granularity).Assembly,
                    ]
            )
            {
                var comments = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
                if (File.Exists(comments))
                {
                    document.IncludeXmlComments(comments);
                }
            }
        });
    }

    /// <summary>Maps the document and its page.</summary>
    public static void MapServiceDocument(this WebApplication app)
    {
        app.MapSwagger("/openapi/{documentName}.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1)
            .WithMetadata(new OpenToAll());
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path.StartsWithSegments("/" + Page))
                {
                    context.Response.AtStart(headers => headers.ContentSecurityPolicy = PagePolicy);
                }

                return next(context);
            }
        );
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page;
            page.DocumentTitle = "ExplainService";
            page.SwaggerEndpoint("../openapi/v1.json", "ExplainService");
        });
    }

    /// <summary>Fields that JSON writes in more than one way.</summary>
    private static void UnionTypes(this Swashbuckle.AspNetCore.SwaggerGen.SwaggerGenOptions document)
    {
        document.MapType<RequestId>(() =>
            OneOf("The caller's own name of the request.", Of(JsonSchemaType.String), Of(JsonSchemaType.Number))
        );
        document.MapType<LabelRequest>(() =>
            OneOf("A class by its name or by its index.", Of(JsonSchemaType.String), Of(JsonSchemaType.Integer))
        );
        document.MapType<GranularityRequest>(() =>
            OneOf(
                "One size of units, or several from coarse to fine.",
                Names<Granularity>(),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = Names<Granularity>(),
                    MinItems = 1,
                }
            )
        );
        document.MapType<InteractionsRequest>(() =>
            OneOf(
                "Whether interactions are wanted: of pairs (true, 2), of triples too (3).",
                Of(JsonSchemaType.Boolean),
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "2",
                    Maximum = "3",
                }
            )
        );
        document.MapType<ExplanationSource>(ExplanationSourceSchema.Create);
        document.MapType<BaselineRequest>(() =>
            OneOf("A fixed starting point, or a text's.", Names<BaselineKind>(BaselineKind.Text), TextObject())
        );
        document.MapType<ReplacementRequest>(() =>
            OneOf(
                "What stands in for a removed unit: a token, nothing, or a text.",
                Names<ReplacementKind>(ReplacementKind.Text),
                TextObject()
            )
        );
    }

    /// <summary>Fields whose names are found in the code.</summary>
    private static void Choices(this Swashbuckle.AspNetCore.SwaggerGen.SwaggerGenOptions document)
    {
        var choices = MethodCatalog
            .Default.Methods.SelectMany(method => method.RequestType.GetProperties())
            .Select(property => property.PropertyType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Choice<>))
            .Distinct();
        foreach (var choice in choices)
        {
            var names =
                (IReadOnlyList<string>)
                    choice
                        .GetGenericArguments()[0]
                        .GetProperty(nameof(IChoices.Names), BindingFlags.Public | BindingFlags.Static)!
                        .GetValue(null)!;
            document.MapType(
                choice,
                () => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)name)] }
            );
        }
    }

    private static OpenApiSchema OneOf(string description, params IOpenApiSchema[] choices) =>
        new() { Description = description, OneOf = [.. choices] };

    private static OpenApiSchema Of(JsonSchemaType type) => new() { Type = type };

    private static OpenApiSchema TextObject() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema> { ["text"] = Of(JsonSchemaType.String) },
            Required = new HashSet<string> { "text" },
            AdditionalPropertiesAllowed = false,
        };

    private static OpenApiSchema Names<T>(T? except = null)
        where T : struct, Enum => new() { Type = JsonSchemaType.String, Enum = [.. EnumNames.All(except).Select(name => (JsonNode)name)] };
}
