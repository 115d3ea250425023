using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ExplainService.Methods.Contracts;

namespace ExplainService.Protocol.Json;

/// <summary>
/// Walks JSON that could not be read beside the type that it should have been, and says what is wrong by field. Runs only after a
/// failure, so it may take its time.
/// </summary>
internal sealed class JsonDiagnosis
{
    /// <summary>The path of the body itself, which no field has: the name of a field may be empty.</summary>
    public const string Root = "(body)";

    private const int MaxErrors = 20;
    private const int MaxNameLength = 200;

    private readonly Dictionary<string, List<string>> errors = [];
    private int told;

    /// <summary>What is wrong, by snake_case path (<c>target.label</c>, <c>spans[0][1]</c>), in the order of the text.</summary>
    public static IReadOnlyDictionary<string, string[]> Find(JsonElement element, JsonTypeInfo type)
    {
        var diagnosis = new JsonDiagnosis();
        diagnosis.Walk(element, type, Root);
        return diagnosis.errors.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
    }

    private bool IsFull => told >= MaxErrors;

    private void Walk(JsonElement element, JsonTypeInfo type, string path)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.None when type.Type == typeof(ExplanationSource):
                WalkSource(element, type, path);
                break;
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                WalkObject(element, type, path);
                break;
            case JsonTypeInfoKind.Object:
                Add(path, "must be an object");
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                WalkArray(element, type, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                Add(path, "must be a list");
                break;
            default:
                Try(element, type, path);
                break;
        }
    }

    private void WalkSource(JsonElement element, JsonTypeInfo type, string path)
    {
        if (ExplanationSources.Problem(element) is { } problem)
        {
            Add(problem.Field is null ? path : Field(path, problem.Field), problem.Text);
        }
        else
        {
            var (part, apart) = ExplanationSources.PartOf(element, type.Options);
            WalkObject(element, part, path, apart);
        }
    }

    private void WalkObject(JsonElement element, JsonTypeInfo type, string path, params IReadOnlyList<string> apart)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (IsFull)
            {
                return;
            }

            if (!TryName(member, out var name))
            {
                Add(path == Root ? "(name)" : path, "holds a field whose name is not valid Unicode");
                continue;
            }

            if (apart.Contains(name))
            {
                continue;
            }

            var field = Field(path, name);
            var property = type.Properties.FirstOrDefault(candidate => candidate.Name == name);
            if (property is null)
            {
                Add(
                    field,
                    (name.Length == 0 ? "an empty name " : "")
                        + "is not a field of this request; its fields are "
                        + string.Join(", ", type.Properties.Select(known => known.Name))
                );
            }
            else if (!seen.Add(name))
            {
                Add(field, "is given twice");
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Walk(member.Value, type.Options.GetTypeInfo(property.PropertyType), field);
            }
            else if (!property.IsSetNullable)
            {
                Add(field, "must not be null");
            }
        }

        foreach (var property in type.Properties.Where(property => !seen.Contains(property.Name) && IsMissing(property, type, seen)))
        {
            if (path != Root && type.Type.IsAssignableTo(typeof(TextRequest)))
            {
                // A request inside another says nothing of the text.
                return;
            }

            Add(Field(path, property.Name), "is required");
        }
    }

    private static bool IsMissing(JsonPropertyInfo property, JsonTypeInfo type, HashSet<string> seen) =>
        property.IsRequired
        || (
            property.AttributeProvider?.GetCustomAttributes(typeof(RequiredUnlessAttribute), inherit: true)
                is [RequiredUnlessAttribute unless]
            && !type.Properties.Any(other =>
                unless.Others.Contains((other.AttributeProvider as MemberInfo)?.Name) && seen.Contains(other.Name)
            )
        );

    private void WalkArray(JsonElement element, JsonTypeInfo type, string path)
    {
        var item = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var child in element.EnumerateArray())
        {
            if (IsFull)
            {
                return;
            }

            var field = FormattableString.Invariant($"{path}[{index++}]");
            if (child.ValueKind == JsonValueKind.Null)
            {
                Add(field, "must not be null");
            }
            else
            {
                Walk(child, item, field);
            }
        }
    }

    private void Try(JsonElement element, JsonTypeInfo type, string path)
    {
        try
        {
            _ = element.Deserialize(type);
        }
        catch (JsonException exception)
            when (exception.InnerException is InvalidOperationException
                && (Expected(type.Type) is null || (type.Type == typeof(string) && element.ValueKind == JsonValueKind.String))
            )
        {
            Add(path, "is not valid Unicode: it holds half of a surrogate pair");
        }
        catch (JsonException) when (path is "text" or "pair" && element.ValueKind == JsonValueKind.Array)
        {
            Add(path, "must be a string; " + StrictJson.ManyTexts);
        }
        catch (JsonException exception)
        {
            Add(path, Expected(type.Type) ?? exception.Message);
        }
    }

    private static string? Expected(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var plain when plain == typeof(int) => "must be a whole number between -2147483648 and 2147483647, written as digits alone",
            var plain when plain == typeof(long) =>
                "must be a whole number between -9223372036854775808 and 9223372036854775807, written as digits alone",
            var plain when plain == typeof(bool) => "must be true or false",
            var plain when plain == typeof(string) => "must be a string",
            // Converters of ours say themselves what they expect.
            _ => null,
        };

    private static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    private static string Field(string path, string name) => path == Root ? Brief(name) : $"{path}.{Brief(name)}";

    /// <summary>A name as it may be repeated in an answer.</summary>
    private static string Brief(string name) =>
        name.Length <= MaxNameLength
            ? name
            : name[..(char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength)] + "…";

    private void Add(string path, string problem)
    {
        if (told++ >= MaxErrors)
        {
            return;
        }

        if (!errors.TryGetValue(path, out var problems))
        {
            errors[path] = problems = [];
        }

        problems.Add(problem);
    }
}
