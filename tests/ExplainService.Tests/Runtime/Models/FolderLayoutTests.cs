using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>The ways in which Optimum, transformers.js and people lay out a model's folder.</summary>
[Slow]
public sealed class FolderLayoutTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData("onnx/model.onnx")]
    [InlineData("model_quantized.onnx")]
    [InlineData("onnx/model_fp16.onnx")]
    [InlineData("some_other_name.onnx")]
    public async Task A_folder_of_one_graph_is_read_wherever_the_graph_lies(string file)
    {
        folders.Copy("bert-cls", "usual");
        folders.Copy("bert-cls", "other");
        folders.Move("other", "model.onnx", file);
        Assert.Equal(await folders.LogitsAsync("usual"), await folders.LogitsAsync("other"));
    }

    [Fact]
    public async Task The_most_exact_of_several_unless_the_configuration_names_one()
    {
        folders.Copy("bert-cls", "exact");
        File.Copy(folders.PathOf("exact", "model.onnx"), folders.PathOf("whole.onnx"));
        foreach (var name in new[] { "several", "chosen" })
        {
            folders.Copy("bert-cls.int8", name);
            folders.Move(name, "model.onnx", "onnx/model_quantized.onnx");
            File.Copy(folders.PathOf("whole.onnx"), folders.PathOf(name, "onnx", "model.onnx"));
        }

        folders.Files["chosen"] = "onnx/model_quantized.onnx";
        var exact = await folders.LogitsAsync("exact");
        Assert.Equal(exact, await folders.LogitsAsync("several"));
        Assert.NotEqual(exact, await folders.LogitsAsync("chosen"));
    }

    [Fact]
    public async Task Several_graphs_of_unknown_names_are_for_the_owner_to_choose_among()
    {
        folders.Copy("bert-cls", "unclear");
        folders.Move("unclear", "model.onnx", "first.onnx");
        File.Copy(folders.PathOf("unclear", "first.onnx"), folders.PathOf("unclear", "second.onnx"));
        var refused = await Assert.ThrowsAsync<ModelNotUsableException>(() => folders.LogitsAsync("unclear"));
        Assert.Contains("first.onnx, second.onnx", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ModelState.Broken, folders.Registry.Find("unclear").State);
    }

    [Theory]
    [InlineData("encoder.onnx", "decoder.onnx")]
    [InlineData("onnx/encoder_model_quantized.onnx", "onnx/decoder_model_quantized.onnx")]
    [InlineData("decoder.onnx", "encoder.onnx")]
    public async Task Encoder_and_decoder_are_told_apart_by_what_they_read(string encoder, string decoder)
    {
        folders.Copy("bart-s2s", "usual");
        folders.Copy("bart-s2s", "other");
        folders.Move("other", "encoder_model.onnx", encoder);
        folders.Move("other", "decoder_model.onnx", decoder);
        Assert.Equal(await folders.LogitsAsync("usual"), await folders.LogitsAsync("other"));
    }

    [Theory]
    [InlineData("decoder_model_merged.onnx")]
    [InlineData("decoder_model.onnx")]
    public async Task A_decoder_with_a_cache_answers_alone_as_merged_of_two(string decoder)
    {
        folders.Copy("t5-s2s.past", "all");
        folders.Copy("t5-s2s.past", "one");
        foreach (var other in Directory.EnumerateFiles(folders.PathOf("one"), "decoder*").Where(file => Path.GetFileName(file) != decoder))
        {
            File.Delete(other);
        }

        var (expected, actual) = (await folders.LogitsAsync("all"), await folders.LogitsAsync("one"));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(await GradientAsync("all"), await GradientAsync("one"));
        Assert.Equal(2, (await folders.Registry.GetAsync("one", CancellationToken.None)).Description.AttentionLayers[AttentionKind.Cross]);

        async Task<float[]> GradientAsync(string name)
        {
            var runner = (await folders.Registry.GetAsync(name, CancellationToken.None)).Runner;
            var point = new GradientRow(
                new TokenRow
                {
                    Ids = [2, 7, 8, 3],
                    DecoderIds = [0, 9],
                    OutputPositions = [1],
                },
                [17]
            );
            var result = await runner
                .GradientAsync([point], new GradientSpec(Objective.LogProbability, Link.Softmax), new WorkOptions(), CancellationToken.None)
                .SingleAsync();
            return [.. result.Gradient.Concat(result.DecoderGradient).Select(value => MathF.Round(value, 4))];
        }
    }

    [Theory]
    [InlineData("model.onnx_data")]
    [InlineData("model.onnx.data")]
    [InlineData("weights.bin")]
    public async Task Weights_in_a_file_beside_the_graph_count_as_the_models(string file)
    {
        folders.Copy("bert-cls", "inside");
        folders.Copy("bert-cls", "beside");
        folders.Externalise("beside", file);
        Assert.Equal(await folders.LogitsAsync("inside"), await folders.LogitsAsync("beside"));
        var entry = folders.Registry.Find("beside");
        Assert.Equal(
            new FileInfo(folders.PathOf("beside", "model.onnx")).Length + new FileInfo(folders.PathOf("beside", file)).Length,
            entry.Bytes
        );

        // The hash is of the weights too.
        var bytes = await File.ReadAllBytesAsync(folders.PathOf("beside", file));
        bytes[^1] ^= 1;
        folders.Copy("bert-cls", "changed");
        folders.Externalise("changed", file);
        await File.WriteAllBytesAsync(folders.PathOf("changed", file), bytes);
        await folders.LogitsAsync("changed");
        Assert.NotEqual(entry.FileHash, folders.Registry.Find("changed").FileHash);
    }

    [Theory]
    [InlineData("bert-cls", ModelTask.TextClassification)]
    [InlineData("bert-ner", ModelTask.TokenClassification)]
    [InlineData("bert-qa", ModelTask.QuestionAnswering)]
    [InlineData("bert-mlm", ModelTask.FillMask)]
    [InlineData("gpt2-lm", ModelTask.TextGeneration)]
    [InlineData("t5-s2s", ModelTask.Text2textGeneration)]
    public async Task The_task_of_a_model_whose_config_names_no_architecture(string source, ModelTask task)
    {
        folders.Copy(source, "nameless");
        folders.Edit("nameless", "config.json", "\"architectures\"", "\"was\"");
        var model = await folders.Registry.GetAsync("nameless", CancellationToken.None);
        Assert.Equal(task, model.Description.Task);
        if (task is ModelTask.TextClassification or ModelTask.TokenClassification)
        {
            Assert.DoesNotContain("LABEL_0", model.Description.Labels);
        }
    }

    [Fact]
    public async Task A_models_card_says_what_it_is_for()
    {
        folders.Copy("bert-ner", "carded");
        folders.Edit("carded", "config.json", "\"architectures\"", "\"was\"");
        await File.WriteAllTextAsync(
            folders.PathOf("carded", "README.md"),
            "---\nlicense: mit\npipeline_tag: token-classification\n---\nA model.\n"
        );
        Assert.Equal(ModelTask.TokenClassification, folders.Registry.Find("carded").Task);
    }

    [Fact]
    public async Task A_model_without_a_head_is_listed_as_such()
    {
        folders.Copy("bert-cls", "headless");
        folders.EditGraph(
            "headless",
            graph =>
            {
                var hidden = graph.Nodes.Last(node => node.Op == "LayerNormalization").Output;
                graph.Outputs.Clear();
                graph.Outputs.Add(
                    new(
                        "last_hidden_state",
                        ExplainService.Graph.ElementType.Float,
                        [ExplainService.Graph.Dim.Of("batch_size"), ExplainService.Graph.Dim.Of("sequence_length"), 32]
                    )
                );
                graph.Add(new ExplainService.Graph.Node("Identity", [hidden], ["last_hidden_state"]));
            }
        );
        folders.Edit("headless", "config.json", "BertForSequenceClassification", "BertModel");
        var model = await folders.Registry.GetAsync("headless", CancellationToken.None);
        Assert.Equal(ModelTask.FeatureExtraction, model.Description.Task);
        Assert.Equal(HeadRead.All, model.Description.HeadRead);
        var embedding = await model
            .Runner.PredictAsync([new TokenRow { Ids = [2, 7, 3] }], new WorkOptions(), CancellationToken.None)
            .SingleAsync();
        Assert.Equal((1, 32), (embedding.Positions, embedding.Classes));
        Assert.Single(
            await model
                .Runner.TapAsync(
                    [new TokenRow { Ids = [2, 7, 3] }],
                    new AttentionTap(AttentionKind.Self),
                    new WorkOptions(),
                    CancellationToken.None
                )
                .ToListAsync()
        );
    }
}
