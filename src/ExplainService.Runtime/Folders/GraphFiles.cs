namespace ExplainService.Runtime.Folders;

/// <summary>
/// Finds a model's graphs among the names that Optimum and transformers.js give them: in the folder or in <c>onnx/</c>, in full precision
/// or, where that is missing, in a smaller one.
/// </summary>
internal static class GraphFiles
{
    private static readonly string[] Places = ["", "onnx"];

    /// <summary>Endings of the names, the most exact first.</summary>
    private static readonly string[] Variants = ["", "_fp16", "_quantized", "_int8", "_uint8", "_q4", "_q4f16", "_bnb4"];

    /// <summary>The graph, and the decoder's where there are two.</summary>
    /// <exception cref="ModelNotUsableException">There is none, or several without a usual name.</exception>
    public static (string Model, string? Decoder) Find(string folder)
    {
        foreach (var variant in Variants)
        {
            foreach (var place in Places.Select(place => Path.Combine(folder, place)))
            {
                if (Existing(place, "model" + variant) is { } model)
                {
                    return (model, null);
                }

                // A decoder without an encoder is a causal model, as older Optimum wrote them.
                var decoder = Existing(place, "decoder_model" + variant) ?? Existing(place, "decoder_model_merged" + variant);
                if (decoder is not null)
                {
                    return Existing(place, "encoder_model" + variant) is { } encoder ? (encoder, decoder) : (decoder, null);
                }
            }
        }

        return Unusual(folder);
    }

    /// <summary>The file that the configuration names, with the decoder that belongs to it if it is an encoder.</summary>
    /// <exception cref="ModelNotUsableException">It is missing.</exception>
    public static (string Model, string? Decoder) Chosen(string folder, string file)
    {
        var chosen = Path.GetFullPath(Path.Combine(folder, file));
        if (!File.Exists(chosen))
        {
            throw new ModelNotUsableException($"{file} is missing.");
        }

        var name = Path.GetFileName(chosen);
        if (!name.Contains("encoder", StringComparison.Ordinal))
        {
            return (chosen, null);
        }

        string[] candidates =
        [
            name.Replace("encoder", "decoder", StringComparison.Ordinal),
            name.Replace("encoder_model", "decoder_model_merged", StringComparison.Ordinal),
        ];
        return (
            chosen,
            candidates
                .Select(candidate => Path.Combine(Path.GetDirectoryName(chosen)!, candidate))
                .FirstOrDefault(path => path != chosen && File.Exists(path))
        );
    }

    /// <summary>One graph of any name, or two that their names call encoder and decoder.</summary>
    private static (string Model, string? Decoder) Unusual(string folder)
    {
        foreach (var place in Places.Select(place => Path.Combine(folder, place)).Where(Directory.Exists))
        {
            var graphs = Directory
                .EnumerateFiles(place, "*.onnx")
                .Where(path => !path.Contains("with_past", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .ToList();
            var encoder = graphs.Find(path => Path.GetFileName(path).Contains("encoder", StringComparison.OrdinalIgnoreCase));
            var decoder = graphs.Find(path => Path.GetFileName(path).Contains("decoder", StringComparison.OrdinalIgnoreCase));
            if (graphs.Count == 1 && encoder is null)
            {
                return (graphs[0], null);
            }

            if (graphs.Count == 2 && encoder is not null && decoder is not null)
            {
                return (encoder, decoder);
            }

            if (graphs.Count > 1)
            {
                throw new ModelNotUsableException(
                    $"There are several graphs ({string.Join(", ", graphs.Select(Path.GetFileName))}): Models:Files must say which to serve."
                );
            }

            if (encoder is not null)
            {
                throw new ModelNotUsableException($"{Path.GetFileName(encoder)} has no decoder beside it.");
            }
        }

        throw new ModelNotUsableException(
            "No graph is there: neither model.onnx, onnx/model.onnx nor encoder_model.onnx with decoder_model.onnx."
        );
    }

    private static string? Existing(string place, string name) =>
        Path.Combine(place, name + ".onnx") is var path && File.Exists(path) ? path : null;
}
