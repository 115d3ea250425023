using System.Diagnostics;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Benchmarks.Service;

/// <summary>How long a model of BERT-base's size takes from a folder to its first answers, and each form to be written and built.</summary>
public static class LoadTime
{
    /// <summary>Prints the figures in seconds.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var models = Directory.CreateTempSubdirectory("explain-load");
        try
        {
            var folder = Path.Combine(models.FullName, "base-sized");
            BaseSizedModel.Write(folder);
            await FormsAsync(writer, Path.Combine(folder, "model.onnx"));
            await AnswersAsync(writer, models.FullName);
        }
        finally
        {
            models.Delete(recursive: true);
        }
    }

    private static async Task FormsAsync(TextWriter writer, string path)
    {
        FormCompiler compiler = null!;
        await Timing.PrintAsync(
            writer,
            "BERT-base size: read the file and find its patterns, s",
            Seconds(() =>
            {
                compiler = new FormCompiler(OnnxFile.Load(path));
                _ = compiler.Report;
            })
        );
        foreach (
            var (name, make) in new (string, Func<Form>)[]
            {
                ("forward", compiler.Forward),
                ("gradient", () => compiler.Gradient(new GradientFormOptions(FormObjective.Probability, FormLink.Softmax))),
                ("attention", () => compiler.Tap(new AttentionValues(Graph.Patterns.AttentionRole.Self))),
            }
        )
        {
            Form form = null!;
            await Timing.PrintAsync(writer, $"  {name} form: rewrite, s", Seconds(() => form = make()));
            var model = form.WithWeights();
            await Timing.PrintAsync(
                writer,
                $"  {name} form: build a session, weights inside, s",
                Seconds(() => new InferenceSession(model).Dispose())
            );
        }
    }

    private static async Task AnswersAsync(TextWriter writer, string models)
    {
        await using var service = await ServiceProcess.StartAsync(
            "Models:Directory=" + models,
            "Models:Preload=",
            "Runtime:MeasureFast=false"
        );
        foreach (
            var (what, path, request) in new (string, string, object)[]
            {
                ("load", "/models/base-sized/load", new { }),
                ("first prediction", "/predict", new { text = "a gripping, funny film", model = "base-sized" }),
                (
                    "first gradient (form made, 1 point)",
                    "/saliency",
                    new
                    {
                        text = "a gripping, funny film",
                        model = "base-sized",
                        method = "gradient",
                    }
                ),
                ("first attention maps", "/attention", new { text = "a gripping, funny film", model = "base-sized" }),
            }
        )
        {
            var watch = Stopwatch.StartNew();
            await service.AskAsync(path, request);
            await Timing.PrintAsync(writer, $"  over HTTP: {what}, s", watch.Elapsed.TotalSeconds);
        }
    }

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }
}
