using System.Text.Json.Nodes;
using ExplainService.Goldens;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ExplainService.Api.Tests.Deploy;

/// <summary>YAML as trees of JSON, whose scalars are all texts.</summary>
internal static class YamlFile
{
    /// <summary>The folder of everything that is deployed.</summary>
    public static string Root { get; } = Path.Combine(ReferenceData.Root, "deploy");

    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<JsonNode> Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>The documents of a text.</summary>
    /// <exception cref="YamlException">It is not YAML, or names a key twice.</exception>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new Parser(new StringReader(text)));
        return [.. stream.Documents.Select(document => Node(document.RootNode))];
    }

    /// <summary>What is at a path; null where there is nothing.</summary>
    public static JsonNode? At(this JsonNode? node, params string[] path) =>
        path.Aggregate(node, (at, key) => at is JsonObject map ? map[key] : null);

    /// <summary>The text at a path; empty where there is nothing.</summary>
    public static string TextAt(this JsonNode? node, params string[] path) => (string?)node.At(path) ?? "";

    /// <summary>The items at a path.</summary>
    public static IEnumerable<JsonNode> ItemsAt(this JsonNode? node, params string[] path) =>
        node.At(path) is JsonArray items ? items.Select(item => item!) : [];

    private static JsonNode Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, (JsonNode?)Node(pair.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
            _ => JsonValue.Create(((YamlScalarNode)node).Value ?? ""),
        };
}
