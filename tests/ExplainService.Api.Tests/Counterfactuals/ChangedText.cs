using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Predictions;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Counterfactuals;

/// <summary>A request's counterfactuals looked at from outside: by its edits, and by what <c>/predict</c> says of texts.</summary>
internal static class ChangedText
{
    /// <summary>Sentences of SST-2's development set, the same ones every time.</summary>
    public static IEnumerable<string> Sentences(int count) =>
        File.ReadLines(ReferenceData.PathOf("texts", "sst2.dev.tsv")).Skip(1).Select(line => line.Split('\t')[1].Trim()).Take(count);

    /// <summary>What its caller makes of a text with some of the edits.</summary>
    /// <param name="text">The text as sent.</param>
    /// <param name="edits">Edits of it alone.</param>
    public static string Apply(string text, IEnumerable<EditAnswer> edits)
    {
        foreach (var edit in edits.OrderByDescending(edit => edit.Start))
        {
            Assert.Equal(edit.From, text[edit.Start..edit.End]);
            text = text[..edit.Start] + edit.To + text[edit.End..];
        }

        return text;
    }

    /// <summary>The prediction of a text.</summary>
    public static async Task<Prediction> PredictAsync(this TestHost service, object request) =>
        (await service.AskAsync<PredictAnswer>("/predict", request)).Prediction!;

    /// <summary>
    /// That every counterfactual is its edits applied, has the prediction that it says, another than before, and loses it with any one of
    /// its edits put back.
    /// </summary>
    public static async Task CheckAsync(this TestHost service, string text, CounterfactualAnswer answer)
    {
        Assert.Equal(answer.Counterfactuals.Count, answer.Counterfactuals.Select(one => one.Text).Distinct().Count());
        Assert.Equal(answer.Counterfactuals.OrderBy(one => one.Edits.Count), answer.Counterfactuals);
        foreach (var one in answer.Counterfactuals)
        {
            Assert.Equal(one.Text, Apply(text, one.Edits));
            var said = await service.PredictAsync(new { model = answer.Model, text = one.Text });
            Assert.Equal(said.Label, one.Prediction.Label);
            Assert.Equal(said.Probability!.Value, one.Prediction.Probability!.Value, 2e-5);
            Assert.NotEqual(answer.Prediction!.Label, said.Label);
            Assert.True(one.Minimal);
            foreach (var edit in one.Edits)
            {
                var without = Apply(text, one.Edits.Where(other => other != edit));
                Assert.Equal(answer.Prediction.Label, (await service.PredictAsync(new { model = answer.Model, text = without })).Label);
            }
        }
    }
}
