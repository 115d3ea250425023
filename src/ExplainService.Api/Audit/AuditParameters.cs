using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Images;
using ExplainService.Images.Reading;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Faithfulness;
using ExplainService.Protocol.Json;

namespace ExplainService.Api.Audit;

/// <summary>
/// A request without its texts. Numbers, flags and names that the service itself has stay; every other string, and lists of tokens, stand as
/// their hashes. What is not known to be harmless is taken for a text.
/// </summary>
internal static class AuditParameters
{
    private const string HashPrefix = "sha256:";

    /// <summary>What has a place of its own in an entry.</summary>
    private static readonly string[] Apart = ["text", "image", "pair", "messages", "texts", "id", "model", "seed"];

    /// <summary>Fields whose strings are names of the service: of enums, choices and endpoints. Another model's name is whatever a client likes.</summary>
    private static readonly FrozenSet<string> Names = SafeNames();

    /// <summary>Numbers that are as good as a text.</summary>
    private static readonly string[] Tokens = ["token_ids", "token_id"];

    /// <summary>The hash of a request's texts, in their order, with a zero byte between them; null where there is none.</summary>
    public static string? InputOf(ExplainRequest request)
    {
        if (request is not TextRequest texts)
        {
            return null;
        }

        if (texts.Image is { } image)
        {
            return HashOf(image);
        }

        string?[] all =
        [
            texts.Text,
            texts.Pair,
            .. (texts.Messages ?? []).SelectMany(message => new[] { message.Role, message.Content }),
            .. (request as CompareRequest)?.Texts ?? [],
        ];
        string[] given = [.. all.OfType<string>()];
        return given.Length == 0 ? null : Hash(string.Join('\0', given));
    }

    /// <summary>The hash of a picture's bytes; of what is no picture that of the characters.</summary>
    private static string HashOf(string image)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(ImageSource.Parse(image, new ImageOptions { MaxBytes = 1 << 30 })));
        }
        catch (ImageException)
        {
            return Hash(image);
        }
    }

    /// <summary>All else that it says; null where it says nothing else.</summary>
    public static JsonNode? Of(ExplainRequest request)
    {
        if (request is TextRequest { Image: not null } picture)
        {
            // Megabytes that would be taken out again.
            request = picture with
            {
                Image = null,
            };
        }

        var fields = JsonSerializer.SerializeToNode(request, request.GetType(), ServiceJson.Options)!.AsObject();
        foreach (var field in Apart)
        {
            fields.Remove(field);
        }

        return fields.Count == 0 ? null : Masked(fields, "");
    }

    /// <summary>What a job asks of every row.</summary>
    public static JsonNode? Of(JsonElement? request) =>
        request is { ValueKind: JsonValueKind.Object } given ? Masked(JsonNode.Parse(given.GetRawText()), "") : null;

    /// <summary>The hash of an answer as it is sent as JSON.</summary>
    public static async Task<string> HashAsync(object answer, CancellationToken cancellationToken)
    {
        using var sha = SHA256.Create();
        var target = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write);
        await using (target.ConfigureAwait(false))
        {
            await JsonSerializer
                .SerializeAsync(target, answer, answer.GetType(), ServiceJson.Options, cancellationToken)
                .ConfigureAwait(false);
            await target.FlushFinalBlockAsync(cancellationToken).ConfigureAwait(false);
        }

        return Convert.ToHexStringLower(sha.Hash!);
    }

    private static JsonNode? Masked(JsonNode? node, string field) =>
        node switch
        {
            _ when Tokens.Contains(field) && node is not null => HashPrefix + Hash(node.ToJsonString()),
            JsonObject fields => new JsonObject(fields.Select(one => KeyValuePair.Create(one.Key, Masked(one.Value, one.Key)))),
            JsonArray items => new JsonArray([.. items.Select(item => Masked(item, field))]),
            JsonValue value when value.TryGetValue<string>(out var text) && !Names.Contains(field) => HashPrefix + Hash(text),
            _ => node?.DeepClone(),
        };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static FrozenSet<string> SafeNames()
    {
        var properties = MethodCatalog
            .Default.Methods.Select(method => method.RequestType)
            .Concat([typeof(TargetRequest), typeof(MessageRequest), typeof(SpanRequest), typeof(ExplanationSource), typeof(ScoreRequest)])
            .SelectMany(type => type.GetProperties())
            .ToLookup(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), property => property.PropertyType);
        return properties
            .Where(field => field.All(IsNamed))
            .Select(field => field.Key)
            .Append("endpoint")
            .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether all strings of a type are names that the service has; a text in their place is an object with a field of its own.</summary>
    private static bool IsNamed(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum
            || type == typeof(GranularityRequest)
            || type == typeof(BaselineRequest)
            || type == typeof(ReplacementRequest)
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Choice<>))
            || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && IsNamed(type.GetGenericArguments()[0]));
    }
}
