using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ExplainService.Goldens;

namespace ExplainService.Benchmarks.Service;

/// <summary>
/// Counterfactuals of a hundred sentences: how many have one, how many edits it takes, what it costs; and that <c>/predict</c> says of every
/// text what its answer says, and of the text with any edit put back what it said before.
/// </summary>
public static class CounterfactualShares
{
    private const int Sentences = 100;

    /// <summary>Prints the figures, a line a method.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        await using var service = await ServiceProcess.StartAsync("Models:Default=minilm-sst2", "Runtime:MeasureFast=false");
        string[] texts =
        [
            .. File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv"))
                .Skip(1)
                .Select(line => line.Split('\t')[1].Trim())
                .Take(Sentences),
        ];
        await writer.WriteLineAsync("method          found  edits  confirmed  minimal  evaluations  s/text");
        foreach (
            var (name, method, keep) in new[]
            {
                ("remove", "remove", false),
                ("remove, keep", "remove", true),
                ("flip", "flip", false),
                ("reduce", "reduce", false),
            }
        )
        {
            var (found, edits, confirmed, minimal, evaluations, watch) = (0, 0, 0, 0, 0L, Stopwatch.StartNew());
            var asking = TimeSpan.Zero;
            foreach (var text in texts)
            {
                watch.Restart();
                var answer = await service.AskAsync(
                    "/counterfactual",
                    new
                    {
                        text,
                        method,
                        keep = keep ? true : (bool?)null,
                    }
                );
                asking += watch.Elapsed;
                evaluations += answer.GetProperty("evaluations").GetInt64();
                if (answer.GetProperty("counterfactuals") is { } all && all.GetArrayLength() > 0)
                {
                    var (changes, one) = (method != "reduce" && !keep, all[0]);
                    var before = Label(answer.GetProperty("prediction"));
                    found++;
                    edits += one.GetProperty("edits").GetArrayLength();
                    confirmed += await IsConfirmedAsync(service, text, one, before, changes) ? 1 : 0;
                    minimal += await IsMinimalAsync(service, text, one, before, changes) ? 1 : 0;
                }
            }

            await writer.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -14} {found, 6} {(double)edits / Math.Max(1, found), 6:0.00} {confirmed, 10} {minimal, 8} {(double)evaluations / Sentences, 12:0} {asking.TotalSeconds / Sentences, 7:0.000}"
                )
            );
        }
    }

    private static async Task<bool> IsConfirmedAsync(ServiceProcess service, string text, JsonElement one, string before, bool changes)
    {
        var changed = one.GetProperty("text").GetString()!;
        var label = await PredictAsync(service, changed);
        return Applied(text, one, -1) == changed && label == Label(one.GetProperty("prediction")) && label != before == changes;
    }

    /// <summary>Of texts that keep their prediction the answer says it; others are put back edit by edit.</summary>
    private static async Task<bool> IsMinimalAsync(ServiceProcess service, string text, JsonElement one, string before, bool changes)
    {
        for (var edit = 0; changes && edit < one.GetProperty("edits").GetArrayLength(); edit++)
        {
            if (await PredictAsync(service, Applied(text, one, edit)) != before)
            {
                return false;
            }
        }

        return one.GetProperty("minimal").GetBoolean();
    }

    private static async Task<string> PredictAsync(ServiceProcess service, string text) =>
        Label((await service.AskAsync("/predict", new { text })).GetProperty("prediction"));

    private static string Label(JsonElement prediction) => prediction.GetProperty("label").GetString()!;

    private static string Applied(string text, JsonElement one, int without)
    {
        foreach (var (index, edit) in one.GetProperty("edits").EnumerateArray().Index().Reverse())
        {
            if (index != without)
            {
                var (start, end) = (edit.GetProperty("start").GetInt32(), edit.GetProperty("end").GetInt32());
                text = text[..start] + edit.GetProperty("to").GetString() + text[end..];
            }
        }

        return text;
    }
}
