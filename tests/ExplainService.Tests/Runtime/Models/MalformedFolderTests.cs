using ExplainService.Graph;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>Folders that cannot be served: each says why, in the list and on use, and the others go on answering.</summary>
public sealed class MalformedFolderTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    public static TheoryData<string, string> Damages =>
        new()
        {
            { "a custom operator", "Frobnicate" },
            { "an operator that does not exist", "NoSuchOperator" },
            { "an input that nobody can fill", "pixel_values" },
            { "an output of too many dimensions", "2 dimensions" },
            { "a number a token for classes", "as many columns as a text has tokens" },
            { "fewer labels than classes", "2 labels; the graph has 3" },
            { "external data outside the folder", "outside the model's folder" },
            { "external data that is missing", "which is missing" },
            { "external data cut short", "cut short" },
            { "an empty tokenizer.json", "tokenizer" },
            { "a vocabulary of another model", "do not belong together" },
            { "a decoder without an encoder's states", "hidden states" },
            { "an encoder without a decoder", "no decoder" },
            { "hidden states for logits of tokens", "not logits of tokens" },
        };

    [Theory]
    [Slow]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_folder_says_what_is_wrong(string damage, string message)
    {
        folders.Copy("bert-cls", "good");
        Damage(damage);
        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("bad"));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        var entry = folders.Registry.Find("bad");
        Assert.Equal((ModelState.Broken, refused.Message), (entry.State, entry.Error));
        Assert.DoesNotContain(folders.Root, refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await folders.LogitsAsync("good")).Length);
    }

    private void Damage(string damage)
    {
        switch (damage)
        {
            case "a number a token for classes":
                folders.Copy("bert-qa", "bad");
                folders.Edit("bad", "config.json", "ForQuestionAnswering", "ForPreTraining");
                folders.EditGraph("bad", graph => graph.Outputs.RemoveAll(output => output.Name == "end_logits"));
                break;
            case "a custom operator":
                folders.Copy("bert-cls", "bad");
                folders.EditGraph(
                    "bad",
                    graph =>
                    {
                        graph.Opsets["com.example"] = 1;
                        Behind(graph, new Node("Frobnicate", ["before"], ["logits"], "com.example"));
                    }
                );
                break;
            case "an operator that does not exist":
                folders.Copy("bert-cls", "bad");
                folders.EditGraph("bad", graph => Behind(graph, new Node("NoSuchOperator", ["before"], ["logits"])));
                break;
            case "an input that nobody can fill":
                folders.Copy("bert-cls", "bad");
                folders.EditGraph(
                    "bad",
                    graph =>
                    {
                        graph.Inputs.Add(new ValueInfo("pixel_values", ElementType.Float, [Dim.Of("batch_size"), 3]));
                        Behind(graph, new Node("Add", ["before", "pixel_values"], ["logits"]));
                    }
                );
                break;
            case "an output of too many dimensions":
                folders.Copy("bert-cls", "bad");
                folders.EditGraph(
                    "bad",
                    graph =>
                    {
                        graph.Add(Weight.Of<long>("axes", [1], [1]));
                        Behind(graph, new Node("Unsqueeze", ["before", "axes"], ["logits"]));
                        graph.Outputs[0] = graph.Outputs[0] with { Dims = [Dim.Of("batch_size"), 1, 3] };
                    }
                );
                break;
            case "fewer labels than classes":
                folders.Copy("bert-cls", "bad");
                folders.Edit("bad", "config.json", "\"id2label\": {", "\"id2label\": {\"0\": \"yes\", \"1\": \"no\"}, \"was\": {");
                break;
            case "external data outside the folder":
                folders.Copy("bert-cls", "bad");
                folders.Externalise("bad", "../weights.bin");
                break;
            case "external data that is missing":
                folders.Copy("bert-cls", "bad");
                folders.Externalise("bad", "weights.bin");
                File.Delete(folders.PathOf("bad", "weights.bin"));
                break;
            case "external data cut short":
                folders.Copy("bert-cls", "bad");
                folders.Externalise("bad", "weights.bin");
                File.WriteAllBytes(folders.PathOf("bad", "weights.bin"), File.ReadAllBytes(folders.PathOf("bad", "weights.bin"))[..5000]);
                break;
            case "an empty tokenizer.json":
                folders.Copy("bert-cls", "bad");
                File.WriteAllText(folders.PathOf("bad", "tokenizer.json"), "{}");
                break;
            case "a vocabulary of another model":
                folders.Copy("bert-cls", "bad");
                File.Copy(
                    folders.PathOf("..", Path.GetFileName(folders.Root), "good", "vocab.txt"),
                    folders.PathOf("bad", "vocab.txt"),
                    overwrite: true
                );
                File.AppendAllLines(folders.PathOf("bad", "vocab.txt"), Enumerable.Range(0, 5000).Select(i => $"word{i}"));
                File.Delete(folders.PathOf("bad", "tokenizer.json"));
                break;
            case "a decoder without an encoder's states":
                folders.Copy("bart-s2s", "bad");
                File.Copy(folders.PathOf("bad", "encoder_model.onnx"), folders.PathOf("bad", "decoder_model.onnx"), overwrite: true);
                break;
            case "an encoder without a decoder":
                folders.Copy("bart-s2s", "bad");
                File.Delete(folders.PathOf("bad", "decoder_model.onnx"));
                break;
            case "hidden states for logits of tokens":
                folders.Copy("gpt2-lm", "bad");
                folders.EditGraph(
                    "bad",
                    graph =>
                    {
                        var hidden = graph.Nodes.Last(node => node.Op == "LayerNormalization").Output;
                        graph.Nodes.RemoveAll(node => node.Outputs.Contains("logits"));
                        graph.Add(new Node("Identity", [hidden], ["logits"]));
                        graph.Outputs[0] = graph.Outputs[0] with { Dims = [Dim.Of("batch_size"), Dim.Of("sequence_length"), 32] };
                    }
                );
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, null);
        }
    }

    /// <summary>Puts a node between the logits and the output.</summary>
    private static void Behind(ModelGraph graph, Node node)
    {
        var last = graph.Nodes.Single(candidate => candidate.Outputs.Contains("logits"));
        last.Outputs[last.Outputs.IndexOf("logits")] = "before";
        graph.Add(node);
    }
}
