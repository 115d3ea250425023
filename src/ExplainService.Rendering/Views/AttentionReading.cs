using ExplainService.Methods.Attention;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Rendering.Views;

/// <summary>One attention map of an answer: a head's, or several together.</summary>
/// <param name="Weights">[query][key].</param>
/// <param name="Name">What it is.</param>
internal sealed record AttentionMap(float[][] Weights, string Name)
{
    /// <summary>The largest weight.</summary>
    public double Largest => Weights.Max(row => row.Max());
}

/// <summary>Reads attention from an answer.</summary>
internal static class AttentionReading
{
    /// <summary>Whether the answer has maps at all.</summary>
    public static bool HasMaps(Explanation answer) =>
        answer is AttentionAnswer { Matrix.Length: > 0 } or AttentionAnswer { Attention.Length: > 0 };

    /// <summary>Whether the answer has more than one map.</summary>
    public static bool HasMany(Explanation answer) =>
        answer is AttentionAnswer { Attention: { } maps } && maps.Sum(layer => layer.Length) > 1;

    /// <summary>The map that the options name; without them, the mean of all that the answer has.</summary>
    /// <exception cref="InvalidRequestException">The answer does not have that layer or head (422).</exception>
    public static AttentionMap Choose(Subject subject, PictureOptions options)
    {
        var answer = (AttentionAnswer)subject.Explanation;
        if (answer.Attention is not { Length: > 0 } maps)
        {
            Refuse("layer", options.Layer);
            Refuse("head", options.Head);
            return new AttentionMap(answer.Matrix!, answer.Title);
        }

        var layers = Chosen("layer", options.Layer, answer.Layers, maps.Length);
        var heads = Chosen("head", options.Head, answer.Heads, maps[0].Length);
        var chosen = layers.SelectMany(layer => heads.Select(head => maps[layer.Place][head.Place])).ToArray();
        var name = (layers, heads) switch
        {
            ([var layer], [var head]) => FormattableString.Invariant($"Layer {layer.Index}, head {head.Index}"),
            ([var layer], _) => FormattableString.Invariant($"Layer {layer.Index}, mean of {heads.Length} heads"),
            (_, [var head]) => FormattableString.Invariant($"Head {head.Index}, mean of {layers.Length} layers"),
            _ => FormattableString.Invariant($"Mean of {layers.Length} layers × {heads.Length} heads"),
        };
        return new AttentionMap(chosen.Length == 1 ? chosen[0] : Mean(chosen), name);
    }

    /// <summary>Names of a map's queries (rows) or keys (columns): what stands at each position.</summary>
    public static IReadOnlyList<string> Names(Subject subject, int count, bool ofKeys)
    {
        var answer = subject.Explanation;
        var kind = (answer as AttentionAnswer)?.Kind ?? AttentionKind.Self;
        var tokens =
            (answer as AttentionAnswer)?.Units?.Select(unit => PartNames.Of(unit, answer.Tokens)) ?? answer.Tokens.Select(PartNames.Of);
        var generated = (answer.Generated ?? []).Select(PartNames.Of);

        // A causal model's generated tokens follow the text's; a decoder's follow its start token.
        string[] names =
            kind == AttentionKind.Self || (kind == AttentionKind.Cross && ofKeys) ? [.. tokens, .. generated] : ["‹start›", .. generated];
        return count <= names.Length
            ? names[..count]
            : [.. Enumerable.Range(0, count).Select(position => FormattableString.Invariant($"{position}"))];
    }

    private static (int Place, int Index)[] Chosen(string field, int? wanted, IReadOnlyList<int>? indices, int count)
    {
        (int Place, int Index)[] all = [.. Enumerable.Range(0, count).Select(place => (place, indices?[place] ?? place))];
        if (wanted is null)
        {
            return all;
        }

        var chosen = all.Where(one => one.Index == wanted).ToArray();
        return chosen.Length > 0
            ? chosen
            : throw InvalidRequestException.CannotDo(
                field,
                $"this answer has {field}s " + string.Join(", ", all.Select(one => FormattableString.Invariant($"{one.Index}")))
            );
    }

    private static void Refuse(string field, int? wanted)
    {
        if (wanted is not null)
        {
            throw InvalidRequestException.CannotDo(
                field,
                "this answer holds one map of all its layers and heads together; ask for the aggregate \"none\" to choose one"
            );
        }
    }

    private static float[][] Mean(float[][][] maps)
    {
        var mean = maps[0].Select(row => new float[row.Length]).ToArray();
        foreach (var map in maps)
        {
            for (var query = 0; query < mean.Length; query++)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(mean[query], map[query], mean[query]);
            }
        }

        foreach (var row in mean)
        {
            System.Numerics.Tensors.TensorPrimitives.Divide(row, maps.Length, row);
        }

        return mean;
    }
}
