using System.Text;
using System.Text.Json.Nodes;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Privacy;

namespace ExplainService.Api.Adapters;

/// <summary>A request of a peer's protocol as one of this service, read as strictly as if it had come so.</summary>
/// <param name="Request">The request.</param>
/// <param name="Where">The part of the peer's request that it stands for, as its problems are told.</param>
internal sealed record NativeRequest(ExplainRequest Request, string Where)
{
    /// <summary>The endpoint of predictions.</summary>
    public const string Predict = "/predict";

    /// <summary>Endpoints that score parts of the text, for messages.</summary>
    public static string Explaining => MethodCatalog.Default.Paths(ScoresUnits);

    /// <summary>Whether a method's answers score units.</summary>
    public static bool ScoresUnits(IExplanationMethod method) => method.AnswerType.IsAssignableTo(typeof(UnitExplanation));

    /// <summary>Reads one.</summary>
    /// <param name="endpoint">The endpoint that answers it; must be one that <paramref name="allowed"/> allows.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="where">The part of the peer's request that it stands for; empty: all of it.</param>
    /// <param name="redaction">What is masked in it.</param>
    /// <param name="allowed">The methods that the peer's place has room for; null: those that score units, and predictions.</param>
    /// <exception cref="InvalidRequestException">400, by the names that the fields have here.</exception>
    public static NativeRequest Read(
        string endpoint,
        JsonObject fields,
        string where,
        Redaction redaction,
        Func<IExplanationMethod, bool>? allowed = null
    )
    {
        allowed ??= method => ScoresUnits(method) || method.Path == Predict;
        var method =
            MethodCatalog.Default.Methods.FirstOrDefault(method => method.Path.TrimStart('/') == endpoint.TrimStart('/') && allowed(method))
            ?? throw InvalidRequestException.Malformed(Field(where, "endpoint"), "must be one of " + MethodCatalog.Default.Paths(allowed));
        try
        {
            var body = Encoding.UTF8.GetBytes(fields.ToJsonString(ServiceJson.Options));
            return new NativeRequest(StrictJson.Read(method.RequestType, redaction.Masked(body)), where);
        }
        catch (InvalidRequestException refused) when (where.Length > 0 && refused.Errors.Count > 0)
        {
            throw refused.Inside(where);
        }
    }

    /// <summary>Takes out of fields which endpoint they choose; what is no text is none.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="otherwise">Where they do not say.</param>
    public static string Chosen(JsonObject fields, string otherwise) =>
        !fields.Remove("endpoint", out var chosen) ? otherwise
        : chosen is JsonValue value && value.TryGetValue<string>(out var path) ? path
        : "";

    private static string Field(string where, string name) => where.Length == 0 ? name : $"{where}.{name}";
}
