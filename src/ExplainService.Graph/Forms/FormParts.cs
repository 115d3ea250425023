using ExplainService.Graph.Building;
using ExplainService.Graph.Shapes;

namespace ExplainService.Graph.Forms;

/// <summary>What forms of a decoder that goes on after something have in common.</summary>
internal static class FormParts
{
    /// <summary>The part of a model that computes what its decoder reads of its encoder.</summary>
    public static Form Start(ModelGraph model, IReadOnlyList<string> states)
    {
        var tape = new Tape(model);
        model.Outputs.Clear();
        for (var i = 0; i < states.Count; i++)
        {
            tape.Output(tape[states[i]], FormNames.State(i));
        }

        return Form.Of("start", Finish(model));
    }

    /// <summary>Makes inputs of what a decoder reads of its encoder: nothing computes it any more.</summary>
    public static void FeedStates(ModelGraph graph, IReadOnlyList<string> states, InferredShapes shapes)
    {
        var inputs = new Dictionary<string, string>();
        for (var i = 0; i < states.Count; i++)
        {
            inputs[states[i]] = FormNames.State(i);
            graph.Inputs.Add(new ValueInfo(FormNames.State(i), shapes[states[i]].Type, shapes[states[i]].Dims));
        }

        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = inputs.GetValueOrDefault(node.Inputs[i], node.Inputs[i]);
            }
        }
    }

    /// <summary>Drops what nothing reads, inputs too.</summary>
    public static ModelGraph Finish(ModelGraph graph)
    {
        graph.RemoveDead();
        var read = graph.Nodes.SelectMany(node => node.Reads).ToHashSet();
        graph.Inputs.RemoveAll(input => !read.Contains(input.Name));
        graph.Sort();
        return graph;
    }
}
