using System.Diagnostics;
using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Benchmarks;

/// <summary>
/// Occlusion of every token of a 128-token text in the bundled causal model, with and without sharing of prefixes, in turns so that both
/// meet the same machine. Every round is another text: nothing is remembered from the one before.
/// </summary>
internal static class PrefixSharing
{
    private const int Tokens = 128;
    private const int Rounds = 15;

    public static async Task PrintAsync(TextWriter output)
    {
        await using var sharing = Registry(true);
        await using var whole = Registry(false);
        IModelRunner[] runners =
        [
            (await sharing.GetAsync("gpt-reviews", default)).Runner,
            (await whole.GetAsync("gpt-reviews", default)).Runner,
        ];
        var times = new List<double>[] { [], [] };
        var difference = 0.0;
        for (var round = -2; round < Rounds; round++)
        {
            int[] text = [.. Enumerable.Range(0, Tokens).Select(i => 10 + (((i * 7919) + (round * 104729) + 1_000_000) % 4000))];
            var scores = new List<float[]>();
            for (var i = 0; i < runners.Length; i++)
            {
                var clock = Stopwatch.StartNew();
                scores.Add(await OccludeAsync(runners[i], text));
                if (round >= 0)
                {
                    times[i].Add(clock.Elapsed.TotalMilliseconds);
                }
            }

            difference = Math.Max(difference, scores[0].Zip(scores[1], (a, b) => Math.Abs(a - b)).Max());
        }

        var (with, without) = (Median(times[0]), Median(times[1]));
        await output.WriteLineAsync(
            FormattableString.Invariant(
                $"occlusion of {Tokens} tokens, gpt-reviews: {with:f1} ms with shared prefixes, {without:f1} ms without: {without / with:f2} times as fast; largest difference of a logit {difference:g2}"
            )
        );
    }

    /// <summary>The next token's logit, of the text and without each of its tokens.</summary>
    private static async Task<float[]> OccludeAsync(IModelRunner runner, int[] text)
    {
        var work = new WorkOptions();
        var own = await runner.PredictAsync([Row(text)], work, default).SingleAsync();
        var rows = Enumerable.Range(0, Tokens).Select(i => Row([.. text.Select((id, at) => at == i ? 0 : id)]));
        var scores = await runner.PredictAsync(rows, work, default).Select(logits => logits.Values[7]).ToListAsync();
        return [own.Values[7], .. scores];
    }

    private static TokenRow Row(int[] ids) => new() { Ids = ids, OutputPositions = [ids.Length - 1] };

    private static ModelRegistry Registry(bool prefixes) =>
        new(
            new ModelOptions { PrepareForms = false, Directory = ReferenceData.BundledModels },
            new RuntimeOptions { PrefixSharing = prefixes },
            TimeProvider.System
        );

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
