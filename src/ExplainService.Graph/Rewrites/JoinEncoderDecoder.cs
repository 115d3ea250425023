using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// An encoder and a decoder that were exported to separate files become the one graph that they are: the decoder reads the encoder's
/// states where they are computed, so that every form (gradients back to the source text among them) works across both. Inputs of the
/// decoder get names that begin with <c>decoder</c>.
/// </summary>
public static class JoinEncoderDecoder
{
    /// <summary>Joins two graphs, of which the order does not matter: the decoder is the one that reads hidden states.</summary>
    /// <returns>The encoder's graph, extended; weights that both have are kept once.</returns>
    /// <exception cref="GraphFormatException">They are no encoder and decoder, or do not fit together.</exception>
    public static ModelGraph Apply(ModelGraph first, ModelGraph second)
    {
        var (encoder, decoder) = StatesInput(second) is not null ? (first, second) : (second, first);
        var states = StatesInput(decoder) ?? throw new GraphFormatException("Neither of the two graphs reads an encoder's hidden states.");
        if (StatesInput(encoder) is not null)
        {
            throw new GraphFormatException("Both graphs read an encoder's hidden states: none of them is the encoder.");
        }

        var source =
            encoder.Outputs.Find(output => output.Name == "last_hidden_state")
            ?? encoder.Outputs.Find(output => output.Type.IsFloating() && output.Dims?.Count == 3)
            ?? throw new GraphFormatException("The encoder has no output of hidden states.");
        CheckOpsets(encoder, decoder);
        CheckSizes(source, states);

        decoder = decoder.Clone();
        NameDimensions(decoder, states, source);
        Rename(decoder, NewNames(encoder, decoder, states, source.Name));
        Merge(encoder, decoder);
        ShareWeights.Apply(encoder);
        encoder.Sort();
        encoder.RemoveDead();
        return encoder;
    }

    /// <summary>The encoder's states among a decoder's inputs: floats of rank 3 that are no cache.</summary>
    private static ValueInfo? StatesInput(ModelGraph graph) =>
        graph.Inputs.Find(input =>
            input.Type.IsFloating()
            && !RemoveKvCache.IsPast(input)
            && (input.Dims?.Count == 3 || input.Name.StartsWith("encoder_hidden", StringComparison.Ordinal))
        );

    private static void CheckOpsets(ModelGraph encoder, ModelGraph decoder)
    {
        if (encoder.Opset != decoder.Opset)
        {
            throw new GraphFormatException(
                $"The encoder is of opset {encoder.Opset}, the decoder of opset {decoder.Opset}: they cannot be joined."
            );
        }

        foreach (var (domain, version) in decoder.Opsets)
        {
            encoder.Opsets[domain] = Math.Max(version, encoder.Opsets.GetValueOrDefault(domain));
        }

        encoder.IrVersion = Math.Max(encoder.IrVersion, decoder.IrVersion);
    }

    private static void CheckSizes(ValueInfo source, ValueInfo states)
    {
        if (source.Dims?[^1].Value is { } given && states.Dims?[^1].Value is { } wanted && given != wanted)
        {
            throw new GraphFormatException(
                $"The encoder's states have {given} numbers a token, the decoder reads {wanted}: they do not belong together."
            );
        }
    }

    /// <summary>
    /// What the two share (batch, source length) has the encoder's symbols; a symbol of the encoder's that means something else here is
    /// renamed.
    /// </summary>
    private static void NameDimensions(ModelGraph decoder, ValueInfo states, ValueInfo source)
    {
        var map = new Dictionary<string, Dim>();
        for (var axis = 0; axis < Math.Min(states.Dims?.Count ?? 0, source.Dims?.Count ?? 0); axis++)
        {
            if (states.Dims![axis].Symbol is { } symbol)
            {
                map.TryAdd(symbol, source.Dims![axis]);
            }
        }

        var taken = (source.Dims ?? []).Select(dim => dim.Symbol).OfType<string>().ToHashSet();
        foreach (var symbol in decoder.Inputs.SelectMany(input => input.Dims ?? []).Select(dim => dim.Symbol).OfType<string>())
        {
            if (taken.Contains(symbol))
            {
                map.TryAdd(symbol, Dim.Of("decoder_" + symbol));
            }
        }

        ReplaceDims.Apply(decoder, map);
    }

    private static Dictionary<string, string> NewNames(ModelGraph encoder, ModelGraph decoder, ValueInfo states, string source)
    {
        var taken = encoder.AllNames().ToHashSet();
        var names = new Dictionary<string, string>();
        foreach (var name in decoder.AllNames().Where(name => name.Length > 0 && taken.Contains(name)).Distinct().ToArray())
        {
            names[name] = encoder.Unique("decoder/" + name);
        }

        foreach (var input in decoder.Inputs)
        {
            names[input.Name] = InputName(input);
        }

        names[states.Name] = source;
        foreach (
            var input in decoder.Inputs.Where(input =>
                IsSourceMask(input, states) && encoder.Inputs.Exists(own => own.Name == "attention_mask")
            )
        )
        {
            names[input.Name] = "attention_mask";
        }

        return names;
    }

    /// <summary>The mask over the source is the encoder's own; a decoder's tokens and mask say that they are the decoder's.</summary>
    private static string InputName(ValueInfo input) =>
        input.Name.StartsWith("decoder", StringComparison.Ordinal)
        || input.Name.StartsWith("encoder", StringComparison.Ordinal)
        || !input.Type.IsIndex()
        || !(EmbeddingLookup.IsTokenIds(input.Name) || input.Name is "attention_mask" or "position_ids")
            ? input.Name
            : "decoder_" + input.Name;

    private static bool IsSourceMask(ValueInfo input, ValueInfo states) =>
        input.Name == "encoder_attention_mask"
        || (
            input.Name == "attention_mask"
            && input.Dims is [_, { Symbol: { } length }]
            && states.Dims is [_, var source, _]
            && source.Symbol == length
        );

    private static void Rename(ModelGraph graph, IReadOnlyDictionary<string, string> names)
    {
        string New(string name) => names.TryGetValue(name, out var renamed) ? renamed : name;
        for (var i = 0; i < graph.Inputs.Count; i++)
        {
            graph.Inputs[i] = graph.Inputs[i] with { Name = New(graph.Inputs[i].Name) };
        }

        for (var i = 0; i < graph.Outputs.Count; i++)
        {
            graph.Outputs[i] = graph.Outputs[i] with { Name = New(graph.Outputs[i].Name) };
        }

        foreach (var (name, weight) in graph.Weights.ToArray())
        {
            if (New(name) is var renamed && renamed == name)
            {
                continue;
            }

            graph.Weights.Remove(name);
            graph.Weights[renamed] = weight.With(renamed);
        }

        foreach (var (name, info) in graph.Declared.ToArray())
        {
            graph.Declared.Remove(name);
            graph.Declared[New(name)] = info with { Name = New(name) };
        }

        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = New(node.Inputs[i]);
            }

            for (var i = 0; i < node.Outputs.Count; i++)
            {
                node.Outputs[i] = New(node.Outputs[i]);
            }

            foreach (var inner in node.Subgraphs)
            {
                Rename(inner, names);
            }
        }
    }

    private static void Merge(ModelGraph encoder, ModelGraph decoder)
    {
        var known = encoder.Inputs.Select(input => input.Name).Concat(encoder.Outputs.Select(output => output.Name)).ToHashSet();
        encoder.Inputs.AddRange(decoder.Inputs.Where(input => !known.Contains(input.Name)));
        encoder.Outputs.Clear();
        encoder.Outputs.AddRange(decoder.Outputs);
        // ONNX Runtime refuses two nodes of one name.
        foreach (var node in decoder.Nodes.Where(node => node.Name.Length > 0))
        {
            node.Name = "decoder/" + node.Name;
        }

        encoder.Nodes.AddRange(decoder.Nodes);
        foreach (var (name, weight) in decoder.Weights)
        {
            encoder.Weights[name] = weight;
        }

        foreach (var (name, info) in decoder.Declared)
        {
            encoder.Declared.TryAdd(name, info);
        }
    }
}
