using ExplainService.Testing;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Api.Tests.Vision;

/// <summary>The service with a model that compares pictures with texts, behind real HTTP, and its graph to compare with.</summary>
public sealed class ClipService : TestHost
{
    private readonly string folder = Directory.CreateTempSubdirectory("clip-").FullName;

    public ClipService() => TinyClip.Write(Path.Combine(folder, "clip"));

    /// <summary>The picture of the other tests, of the size that the model takes.</summary>
    internal static string Image => VisionService.Image;

    protected override IEnumerable<(string Key, string Value)> Settings => [("Models:Directory", folder), ("Runtime:TokenBudget", "256")];

    protected override string TemporaryFolder => folder;

    /// <summary>logits_per_image of the picture beside rows of token ids, by the file as it is.</summary>
    internal float[] Whole(params int[][] texts) => Whole(VisionService.Pixels, texts);

    /// <summary>The same of other pixels.</summary>
    internal float[] Whole(float[] pixels, params int[][] texts)
    {
        var length = texts.Max(ids => ids.Length);
        long[] ids = [.. texts.SelectMany(own => own.Select(id => (long)id).Concat(Enumerable.Repeat(0L, length - own.Length)))];
        long[] mask = [.. texts.SelectMany(own => Enumerable.Range(0, length).Select(i => i < own.Length ? 1L : 0L))];
        using var session = new InferenceSession(Path.Combine(folder, "clip", "model.onnx"));
        using var run = new RunOptions();
        using var idValue = OrtValue.CreateTensorValueFromMemory(ids, [texts.Length, length]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [texts.Length, length]);
        using var pixelValue = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, TinyClip.Side, TinyClip.Side]);
        using var results = session.Run(
            run,
            ["input_ids", "pixel_values", "attention_mask"],
            [idValue, pixelValue, maskValue],
            ["logits_per_image"]
        );
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>A label's token ids, as the service tokenizes it.</summary>
    internal async Task<int[]> IdsAsync(string label)
    {
        var answer = await this.AskAsync("/tokenize", new { text = label });
        return [.. answer.GetProperty("tokens").EnumerateArray().Select(token => token.GetProperty("id").GetInt32())];
    }
}
