using ExplainService.Goldens;
using ExplainService.Graph;
using ExplainService.Graph.Onnx;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace ExplainService.Tests.Runtime.Models;

/// <summary>A directory of models made of the zoo's, for tests to rearrange and damage.</summary>
internal sealed class ModelFolders : IAsyncDisposable
{
    private ModelRegistry? registry;

    public string Root { get; } = Directory.CreateTempSubdirectory("folders-").FullName;

    /// <summary>Models:Files.</summary>
    public Dictionary<string, string> Files { get; } = [];

    public ModelRegistry Registry =>
        registry ??= new ModelRegistry(
            new ModelOptions
            {
                PrepareForms = false,
                Directory = Root,
                Files = Files,
            },
            new RuntimeOptions { TokenBudget = 256, MeasureFast = false },
            new FakeTimeProvider()
        );

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Copies a model of the zoo without its golden file.</summary>
    public string Copy(string source, string name)
    {
        var folder = Directory.CreateDirectory(PathOf(name)).FullName;
        foreach (
            var file in Directory.EnumerateFiles(ReferenceData.PathOf("zoo", source)).Where(file => Path.GetFileName(file) != "golden.json")
        )
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    public void Move(string name, string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name, to))!);
        File.Move(PathOf(name, from), PathOf(name, to));
    }

    /// <summary>Replaces text in a file.</summary>
    public void Edit(string name, string file, string old, string replacement)
    {
        var text = File.ReadAllText(PathOf(name, file));
        if (!text.Contains(old, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{file} has no {old}.");
        }

        File.WriteAllText(PathOf(name, file), text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Rewrites a graph.</summary>
    public void EditGraph(string name, Action<ModelGraph> edit, string file = "model.onnx")
    {
        var graph = OnnxFile.Load(PathOf(name, file));
        edit(graph);
        File.WriteAllBytes(PathOf(name, file), GraphSerializer.Serialize(graph));
    }

    /// <summary>Moves a graph's weights to a file beside it.</summary>
    public void Externalise(string name, string file)
    {
        var graph = OnnxFile.Load(PathOf(name, "model.onnx"));
        var model = GraphSerializer.Serialize(graph, WeightPlacement.External);
        using (var data = File.Create(PathOf(name, file)))
        {
            foreach (var weight in graph.Weights.Values.Where(weight => GraphSerializer.Outside(graph).Values.Contains(weight)))
            {
                data.Write(weight.Bytes);
            }
        }

        var proto = ModelProto.Parser.ParseFrom(model);
        foreach (var entry in proto.Graph.Initializer.SelectMany(tensor => tensor.ExternalData).Where(entry => entry.Key == "location"))
        {
            entry.Value = file;
        }

        File.WriteAllBytes(PathOf(name, "model.onnx"), Google.Protobuf.MessageExtensions.ToByteArray(proto));
    }

    /// <summary>Logits of a row that every small model takes.</summary>
    public async Task<float[]> LogitsAsync(string name)
    {
        var model = await Registry.GetAsync(name, CancellationToken.None);
        var row =
            model.Description.Task is ModelTask.TextClassification
                ? new TokenRow { Ids = [2, 7, 8, 3] }
                : new TokenRow
                {
                    Ids = [2, 7, 8, 3],
                    DecoderIds = model.Description.DecoderStart is { } start ? [start, 9] : [],
                    OutputPositions = [1],
                };
        return (await model.Runner.PredictAsync([row], new WorkOptions(), CancellationToken.None).SingleAsync()).Values;
    }

    public async ValueTask DisposeAsync()
    {
        if (registry is not null)
        {
            await registry.DisposeAsync();
        }

        Directory.Delete(Root, recursive: true);
    }
}
