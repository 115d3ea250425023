using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>What of a graph is fed as embeddings in place of ids.</summary>
internal static class EmbeddingInputs
{
    /// <summary>Word embeddings become inputs in place of the lookups' results.</summary>
    public static List<string> Feed(ModelGraph graph, GraphReport report)
    {
        if (report.Patches is not null)
        {
            return [FormNames.Embeddings];
        }

        if (report.Lookups.Count == 0)
        {
            throw new NotSupportedException(EmbeddingLookup.NotFound);
        }

        if (SecondTable(report.Lookups) is { } second)
        {
            throw new NotSupportedException(second);
        }

        var names = new List<string>();
        var replacements = new Dictionary<string, string>();
        foreach (var group in report.Lookups.GroupBy(lookup => lookup.Ids))
        {
            var decoder = group.Key.StartsWith("decoder", StringComparison.Ordinal);
            var name = decoder ? FormNames.DecoderEmbeddings : FormNames.Embeddings;
            names.Add(name);
            var first = group.First();
            var ids = graph.Inputs.Find(input => input.Name == first.Ids)!.Dims;
            graph.Inputs.Add(
                new ValueInfo(
                    name,
                    ElementType.Float,
                    ids is [var batch, var length] ? [batch, length, first.EmbeddingSize] : [Dim.Unknown, Dim.Unknown, first.EmbeddingSize]
                )
            );
            foreach (var lookup in group)
            {
                replacements[lookup.Output] = name;
            }
        }

        graph.Nodes.RemoveAll(node => node.Outputs.Exists(replacements.ContainsKey));
        graph.ReplaceUses(replacements);
        return names;
    }

    /// <summary>
    /// Why one input of embeddings cannot take the place of the lookups: the same ids are looked up in tables that differ. Null: it can.
    /// </summary>
    public static string? SecondTable(IReadOnlyList<EmbeddingLookup> lookups)
    {
        foreach (var group in lookups.GroupBy(lookup => lookup.Ids))
        {
            var first = group.First().Table;
            if (group.FirstOrDefault(lookup => !IsSame(lookup.Table, first)) is { } other)
            {
                return $"'{group.Key}' is looked up in more than one embedding table ('{first.Name}' and '{other.Table.Name}').";
            }
        }

        return null;

        static bool IsSame(Weight a, Weight b) =>
            a.Name == b.Name || (a.Type == b.Type && a.Dims.SequenceEqual(b.Dims) && a.Bytes.SequenceEqual(b.Bytes));
    }
}
