using System.Text.Json;

namespace ExplainService.Images.Processing;

/// <summary>The fields of a <c>preprocessor_config.json</c>, each read strictly; null stands for an absent one, as in Transformers.</summary>
internal sealed class ProcessorFields
{
    private const int LargestSide = 8192;

    /// <summary>What is said there and changes no pixel.</summary>
    private static readonly HashSet<string> Harmless =
    [
        "_processor_class",
        "_valid_processor_keys",
        "device",
        "disable_grouping",
        "do_convert_rgb",
        "do_reduce_labels",
        "input_data_format",
        "name_or_path",
        "processor_class",
        "reduce_labels",
        "return_tensors",
        "transformers_version",
    ];

    private readonly Dictionary<string, JsonElement> fields = [];

    public ProcessorFields(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ImageProcessorException("", "it is no JSON object.");
        }

        foreach (var field in root.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && !Harmless.Contains(field.Name))
            {
                fields[field.Name] = field.Value;
            }
        }
    }

    /// <summary>Refuses the file by the first field that nobody read.</summary>
    public void RefuseUnread()
    {
        foreach (var name in fields.Keys.Order(StringComparer.Ordinal))
        {
            throw new ImageProcessorException(name, $"the field '{name}' is not known here, and may change what the model sees.");
        }
    }

    /// <summary>Read, and not needed: nothing depends on it.</summary>
    public void Ignore(string name) => fields.Remove(name);

    public string? Text(string name) =>
        !fields.Remove(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, "a text");

    public bool Flag(string name, bool otherwise) =>
        !fields.Remove(name, out var value)
            ? otherwise
            : value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => throw Wrong(name, "true or false"),
            };

    public double Number(string name, double otherwise, double above, double atMost)
    {
        if (!fields.Remove(name, out var value))
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > above && number <= atMost
            ? number
            : throw Wrong(name, $"a number above {above} and at most {atMost}");
    }

    /// <summary>A number for each of the three channels, or one for all.</summary>
    public float[] Channels(string name, float[] otherwise)
    {
        if (!fields.Remove(name, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number)
        {
            var all = Channel(name, value);
            return [all, all, all];
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3
            ? [.. value.EnumerateArray().Select(channel => Channel(name, channel))]
            : throw Wrong(name, "a number, or three: pictures are read as red, green and blue");
    }

    public ResampleFilter Filter(string name, ResampleFilter otherwise)
    {
        if (!fields.Remove(name, out var value))
        {
            return otherwise;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && Enum.IsDefined((ResampleFilter)number)
            ? (ResampleFilter)number
            : throw Wrong(name, "a number of Pillow's filters, 0 to 5");
    }

    /// <summary>A number, [height, width], {height, width} or {shortest_edge}; none where the field is absent.</summary>
    public ResizeTarget? Size(string name, bool numberIsSquare)
    {
        if (!fields.Remove(name, out var value))
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                var side = Side(name, value);
                return numberIsSquare ? new ResizeTarget.Exact(new PixelSize(side, side)) : new ResizeTarget.ShortestEdge(side);
            case JsonValueKind.Array when value.GetArrayLength() == 2:
                return new ResizeTarget.Exact(new PixelSize(Side(name, value[0]), Side(name, value[1])));
            case JsonValueKind.Object:
                var said = value
                    .EnumerateObject()
                    .Where(part => part.Value.ValueKind != JsonValueKind.Null)
                    .Select(part => part.Name)
                    .ToHashSet();
                if (said.SetEquals(["height", "width"]))
                {
                    return new ResizeTarget.Exact(
                        new PixelSize(Side(name, value.GetProperty("height")), Side(name, value.GetProperty("width")))
                    );
                }

                if (said.SetEquals(["shortest_edge"]))
                {
                    return new ResizeTarget.ShortestEdge(Side(name, value.GetProperty("shortest_edge")));
                }

                break;
        }

        throw Wrong(name, "a number, {\"height\", \"width\"} or {\"shortest_edge\"}");
    }

    private static int Side(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var side) && side is >= 1 and <= LargestSide
            ? side
            : throw Wrong(name, $"of whole numbers from 1 to {LargestSide}");

    private static float Channel(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && float.IsFinite((float)number)
            ? (float)number
            : throw Wrong(name, "of finite numbers");

    private static ImageProcessorException Wrong(string name, string expected) => new(name, $"'{name}' must be {expected}.");
}
