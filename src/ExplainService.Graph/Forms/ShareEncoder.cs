using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;

namespace ExplainService.Graph.Forms;

/// <summary>
/// A seq2seq model whose decoder is computed whole at every step, but its encoder once: what holds for every graph, quantised ones that
/// round by the largest number of a run included, where keys and values cannot be kept.
/// </summary>
internal static class ShareEncoder
{
    /// <exception cref="NotSupportedException">Encoder and decoder cannot be told apart.</exception>
    public static CacheForms Compile(ModelGraph forward, GraphReport report)
    {
        var graph = forward.Clone();
        graph.Outputs.RemoveAll(output => !report.Outputs.Contains(output.Name));
        graph.RemoveDead();
        string[] ids = [.. graph.Inputs.Select(input => input.Name).Where(EmbeddingLookup.IsTokenIds)];
        var target = Array.Find(ids, name => name.StartsWith("decoder", StringComparison.Ordinal));
        if (ids.Length != 2 || target is null)
        {
            throw new NotSupportedException("There are no two inputs of token ids, one of them the decoder's.");
        }

        var follows = TokenPath.Reach(graph, [target]);
        var source = TokenPath.Reach(graph, ids.Where(name => name != target));
        source.ExceptWith(follows);
        string[] states =
        [
            .. graph
                .Nodes.Where(node => node.Outputs.Exists(follows.Contains))
                .SelectMany(node => node.Inputs.Where(source.Contains))
                .Distinct(),
        ];
        if (states.Length == 0)
        {
            throw new NotSupportedException("The decoder reads nothing of the encoder.");
        }

        var part = graph.Clone();
        var tape = new Tape(graph);
        var sizes = new InputSizes(tape, target);
        sizes.Replace(graph.Nodes.Where(node => node.Is("Shape") && source.Contains(node.Inputs[0])));

        graph.Sort();
        FormParts.FeedStates(graph, states, tape.Shapes);

        var logits = Readout.Logits(tape = new Tape(graph), report);
        graph.Outputs.Clear();
        tape.Output(logits, FormNames.Logits);
        return new CacheForms(FormParts.Start(part, states), Form.Of("step", FormParts.Finish(graph)), 0, states.Length);
    }
}
