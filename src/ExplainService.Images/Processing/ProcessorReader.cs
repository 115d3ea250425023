using System.Text.Json;

namespace ExplainService.Images.Processing;

/// <summary>A <c>preprocessor_config.json</c> to settings. What is not known is refused by its name: other pixels would explain another picture.</summary>
internal static class ProcessorReader
{
    private const string TypeField = "image_processor_type";
    private const string OldTypeField = "feature_extractor_type";
    private const string NewName = "ImageProcessor";
    private const string OldName = "FeatureExtractor";
    private const string FastName = "Fast";

    public static ProcessorSettings Read(string json, string? modelType)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(new ProcessorFields(document.RootElement), modelType);
        }
        catch (JsonException fault)
        {
            throw new ImageProcessorException("", $"it is no valid JSON (line {fault.LineNumber + 1}).");
        }
    }

    private static ProcessorSettings Read(ProcessorFields fields, string? modelType)
    {
        var (type, fast) = Type(fields, modelType);
        var resizes = fields.Flag("do_resize", true);
        var size = fields.Size("size", fields.Flag("default_to_square", type.NumberIsSquare)) ?? type.Resize;
        var filter = fields.Filter("resample", type.Filter);
        var crop = Crop(fields, type);
        if (type.Rule == SizeRule.CropShare)
        {
            (size, crop) = CropShare(fields, size);
            crop = resizes ? crop : null;
        }
        else if (type.Rule == SizeRule.Levit && size is ResizeTarget.ShortestEdge edge)
        {
            size = new ResizeTarget.ShortestEdge((int)(256.0 / 224 * edge.Length));
        }

        RefuseOtherOrders(fields);
        var rescales = fields.Flag("do_rescale", true);
        var factor = fields.Number("rescale_factor", 1 / 255.0, 0, 1e6);
        var (normalises, mean, deviation) = Normalisation(fields, type);
        var efficient = type.Name == "EfficientNet";
        var settings = new ProcessorSettings
        {
            Type = type.Name + NewName,
            Fast = fast,
            Resize = resizes ? size : null,
            Filter = filter,
            Crop = crop,
            RescaleFactor = rescales ? factor : null,
            RescaleOffset = efficient && fields.Flag("rescale_offset", false) && rescales,
            Mean = normalises ? mean : null,
            Deviation = normalises ? deviation : null,
            SecondDeviation = efficient && fields.Flag("include_top", true) ? deviation : null,
            BlueFirst = type.Name == "MobileViT" && fields.Flag("do_flip_channel_order", true),
        };
        fields.RefuseUnread();
        return settings;
    }

    private static (ProcessorType Type, bool Fast) Type(ProcessorFields fields, string? modelType)
    {
        var (named, old) = (fields.Text(TypeField), fields.Text(OldTypeField));
        var name =
            named
            ?? old?.Replace(OldName, NewName, StringComparison.Ordinal)
            ?? (modelType is null ? null : ProcessorType.OfModel(modelType) + NewName)
            ?? throw new ImageProcessorException(
                TypeField,
                $"it does not say its '{TypeField}', and config.json no model_type to choose one by."
            );
        var fast = name.EndsWith(FastName, StringComparison.Ordinal);
        var plain = fast ? name[..^FastName.Length] : name;
        var type = ProcessorType.All.FirstOrDefault(type => type.Name + NewName == plain);
        if (type is not null)
        {
            return (type, fast);
        }

        var known = string.Join(", ", ProcessorType.All.Select(known => known.Name + NewName));
        throw named is null && old is null
            ? new ImageProcessorException(
                TypeField,
                $"it does not say its '{TypeField}', and none is known for the model type '{modelType}'."
            )
            : new ImageProcessorException(
                TypeField,
                $"the {TypeField} '{name}' is not supported. Supported are {known}, each with or without 'Fast'."
            );
    }

    /// <summary>Classes that never crop ignore a size; told to crop, their two versions differ.</summary>
    private static PixelSize? Crop(ProcessorFields fields, ProcessorType type)
    {
        var crops = fields.Flag("do_center_crop", type.CropsByDefault);
        if (type.Crop is not { } side)
        {
            fields.Ignore("crop_size");
            return crops
                ? throw new ImageProcessorException("do_center_crop", $"'do_center_crop' is not a field of {type.Name + NewName}.")
                : null;
        }

        var size = fields.Size("crop_size", numberIsSquare: true) ?? new ResizeTarget.Exact(new PixelSize(side, side));
        return size is not ResizeTarget.Exact exact
                ? throw new ImageProcessorException("crop_size", "'crop_size' must be a number or {\"height\", \"width\"}.")
            : crops ? exact.Size
            : null;
    }

    private static (ResizeTarget Size, PixelSize? Crop) CropShare(ProcessorFields fields, ResizeTarget size)
    {
        const int warpedFrom = 384;
        var share = fields.Number("crop_pct", 224 / 256.0, 0.01, 1);
        if (size is not ResizeTarget.ShortestEdge { Length: var side })
        {
            throw new ImageProcessorException("size", "'size' must be a number or {\"shortest_edge\"} for this processor.");
        }

        var square = new PixelSize(side, side);
        return side < warpedFrom ? (new ResizeTarget.ShortestEdge((int)(side / share)), square) : (new ResizeTarget.Exact(square), null);
    }

    private static (bool Normalises, float[]? Mean, float[]? Deviation) Normalisation(ProcessorFields fields, ProcessorType type)
    {
        var normalises = fields.Flag("do_normalize", type.Mean is not null);
        if (type.Mean is not { } mean || type.Deviation is not { } deviation)
        {
            fields.Ignore("image_mean");
            fields.Ignore("image_std");
            return normalises
                ? throw new ImageProcessorException("do_normalize", $"'do_normalize' is not a field of {type.Name + NewName}.")
                : (false, null, null);
        }

        (mean, deviation) = (fields.Channels("image_mean", mean), fields.Channels("image_std", deviation));
        return deviation.Contains(0)
            ? throw new ImageProcessorException("image_std", "'image_std' holds a zero, by which nothing can be divided.")
            : (normalises, mean, deviation);
    }

    private static void RefuseOtherOrders(ProcessorFields fields)
    {
        if (fields.Text("data_format") is { } order and not ("channels_first" or "ChannelDimension.FIRST"))
        {
            throw new ImageProcessorException("data_format", $"the data_format '{order}' is not supported: channels come first.");
        }

        if (fields.Flag("do_pad", false))
        {
            throw new ImageProcessorException("do_pad", "'do_pad' is not supported.");
        }

        fields.Ignore("pad_size");
    }
}
