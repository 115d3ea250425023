using System.Text.Json.Nodes;

namespace ExplainService.Api.Tests.Deploy;

/// <summary>
/// What a folder of Kubernetes' manifests comes to, as far as this repository uses kustomize: resources, patches by maps and by operations, tags
/// of images.
/// </summary>
internal static class Kustomization
{
    /// <summary>Every object, with the patches on it.</summary>
    /// <exception cref="InvalidOperationException">A patch is of no object.</exception>
    public static List<JsonNode> Build(string folder)
    {
        var settings = YamlFile.Read(Path.Combine(folder, "kustomization.yaml")).Single();
        var objects = new List<JsonNode>();
        foreach (var resource in settings.ItemsAt("resources").Select(one => Path.GetFullPath((string)one!, folder)))
        {
            objects.AddRange(Directory.Exists(resource) ? Build(resource) : YamlFile.Read(resource));
        }

        foreach (var patch in settings.ItemsAt("patches"))
        {
            var change = YamlFile.Read(Path.Combine(folder, patch.TextAt("path"))).Single();
            var named = patch.At("target") is { } target
                ? (target.TextAt("kind"), target.TextAt("name"))
                : (change.TextAt("kind"), Name(change));
            var patched =
                objects.Find(one => (one.TextAt("kind"), Name(one)) == named)
                ?? throw new InvalidOperationException($"{folder}: a patch is of {named}, which is not there");
            if (change is JsonArray operations)
            {
                operations.ToList().ForEach(operation => Apply(patched, operation!));
            }
            else
            {
                Merge((JsonObject)patched, (JsonObject)change);
            }
        }

        foreach (var image in settings.ItemsAt("images"))
        {
            foreach (
                var container in objects.SelectMany(Containers).Where(one => one.TextAt("image").Split(':')[0] == image.TextAt("name"))
            )
            {
                container["image"] = image.TextAt("name") + ":" + image.TextAt("newTag");
            }
        }

        return objects;
    }

    /// <summary>What an object is called.</summary>
    public static string Name(JsonNode node) => node.TextAt("metadata", "name");

    /// <summary>The containers of a Deployment; none of anything else.</summary>
    public static IEnumerable<JsonNode> Containers(JsonNode node) => node.ItemsAt("spec", "template", "spec", "containers");

    /// <summary>Maps are merged; of lists, items of the same name.</summary>
    private static void Merge(JsonObject into, JsonObject change)
    {
        foreach (var (key, value) in change)
        {
            if (into[key] is JsonObject old && value is JsonObject map)
            {
                Merge(old, map);
            }
            else if (into[key] is JsonArray items && value is JsonArray added)
            {
                foreach (var item in added)
                {
                    if (items.FirstOrDefault(one => one.TextAt("name") == item.TextAt("name")) is JsonObject same)
                    {
                        Merge(same, (JsonObject)item!);
                    }
                    else
                    {
                        items.Add(item!.DeepClone());
                    }
                }
            }
            else
            {
                into[key] = value?.DeepClone();
            }
        }
    }

    /// <summary>An operation that adds to the end of a list: no other is used.</summary>
    private static void Apply(JsonNode node, JsonNode operation)
    {
        var path = operation.TextAt("path").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (operation.TextAt("op") != "add" || path[^1] != "-" || node.At(path[..^1]) is not JsonArray list)
        {
            throw new InvalidOperationException($"{operation.ToJsonString()} is of no list of {Name(node)}");
        }

        list.Add(operation["value"]!.DeepClone());
    }
}
