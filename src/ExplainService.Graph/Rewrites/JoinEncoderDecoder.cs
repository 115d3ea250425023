using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Rewrites;

/// <summary>
/// An encoder and a decoder that were exported to separate files become the one graph that they are: the decoder reads the encoder's
/// states where they are computed, so that every form (gradients back to the source text among them) works across both. Inputs of the
/// decoder get names that begin with <c>decoder</c>.
/// </summary>
public static class JoinEncoderDecoder
{
    private const string EncoderMask = "attention_mask";

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
        LeaveNames(encoder, decoder, source.Name);
        RenameValues.Apply(decoder, NewNames(encoder, decoder, states, source.Name));
        ConvertMask(encoder, decoder);
        Merge(encoder, decoder);
        ShareWeights.Apply(encoder);
        encoder.Sort();
        encoder.RemoveDead();
        return encoder;
    }

    /// <summary>The encoder's states among a decoder's inputs: floats of rank 3 that are no cache.</summary>
    private static ValueInfo? StatesInput(ModelGraph graph) =>
        graph.Inputs.Find(input =>
            input.Type.IsFloating() && input.Name.StartsWith("encoder_hidden", StringComparison.Ordinal) && !RemoveKvCache.IsPast(input)
        )
        ?? graph.Inputs.Find(input =>
            input.Type.IsFloating()
            && !RemoveKvCache.IsPast(input)
            && input.Dims?.Count == 3
            && !input.Name.Contains("mask", StringComparison.Ordinal)
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

    /// <summary>What runs feed and ask for is known by name: a value inside the encoder that has one of the decoder's names gives it up.</summary>
    private static void LeaveNames(ModelGraph encoder, ModelGraph decoder, string source)
    {
        var wanted = decoder.Inputs.Select(InputName).Concat(decoder.Outputs.Select(output => output.Name)).ToHashSet();
        wanted.ExceptWith(encoder.Inputs.Select(input => input.Name).Append(source));
        encoder.Names.Reserve(decoder.AllNames().Concat(wanted));
        RenameValues.Apply(
            encoder,
            encoder.AllNames().Where(wanted.Contains).Distinct().ToDictionary(name => name, name => encoder.Unique("encoder/" + name))
        );
    }

    private static Dictionary<string, string> NewNames(ModelGraph encoder, ModelGraph decoder, ValueInfo states, string source)
    {
        var taken = encoder.AllNames().Concat(decoder.Inputs.Select(InputName)).ToHashSet();
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
            var input in decoder.Inputs.Where(input => IsSourceMask(input, states) && encoder.Inputs.Exists(own => own.Name == EncoderMask))
        )
        {
            names[input.Name] = input.Dims is null or { Count: 2 }
                ? EncoderMask
                : throw new GraphFormatException(
                    $"The decoder's mask over the source, '{input.Name}', has {input.Dims.Count} dimensions; one over tokens has 2."
                );
        }

        return names;
    }

    /// <summary>Some decoders read the mask over the source as numbers, others as integers: it is fed once, as the encoder has it.</summary>
    private static void ConvertMask(ModelGraph encoder, ModelGraph decoder)
    {
        var own = encoder.Inputs.Find(input => input.Name == EncoderMask);
        if (own is null || decoder.Inputs.Find(input => input.Name == EncoderMask) is not { } mask || mask.Type == own.Type)
        {
            return;
        }

        var converted = encoder.Unique("decoder/" + EncoderMask);
        decoder.Inputs.Remove(mask);
        decoder.ReplaceUses(EncoderMask, converted);
        encoder.Add(new Node("Cast", [EncoderMask], [converted]) { Attributes = { ["to"] = (long)mask.Type } });
    }

    /// <summary>The mask over the source is the encoder's own; a decoder's tokens and mask say that they are the decoder's.</summary>
    private static string InputName(ValueInfo input) =>
        input.Name.StartsWith("decoder", StringComparison.Ordinal)
        || input.Name.StartsWith("encoder", StringComparison.Ordinal)
        || !(
            input.Name == EncoderMask || (input.Type.IsIndex() && (EmbeddingLookup.IsTokenIds(input.Name) || input.Name == "position_ids"))
        )
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
