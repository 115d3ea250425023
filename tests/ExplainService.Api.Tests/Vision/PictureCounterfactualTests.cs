using ExplainService.Images;
using ExplainService.Images.Reading;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace ExplainService.Api.Tests.Vision;

/// <summary>The fewest patches whose hiding changes what the model says, each set held against the model runner.</summary>
public sealed class PictureCounterfactualTests(VisionService service) : IClassFixture<VisionService>
{
    private static string Image => VisionService.Image;

    [Theory]
    [InlineData("mean", PictureVersion.Mean)]
    [InlineData("zero", PictureVersion.Zero)]
    [InlineData("noise", PictureVersion.Noise)]
    public async Task Hiding_the_patches_changes_the_label_and_none_of_them_can_be_shown_again(string replacement, PictureVersion version)
    {
        var answer = await service.AskAsync<CounterfactualAnswer>(
            "/counterfactual",
            new
            {
                image = Image,
                replacement,
                count = 3,
                max_edits = 16,
            }
        );
        Assert.Equal(("remove", "patch", replacement), (answer.Method, answer.Granularity, answer.Replacement));
        Assert.NotEmpty(answer.Counterfactuals);
        Assert.Equal(answer.Counterfactuals.OrderBy(one => one.Edits.Count), answer.Counterfactuals);
        foreach (var one in answer.Counterfactuals)
        {
            int[] hidden = [.. one.Edits.Select(edit => edit.Start)];
            Assert.Equal(hidden.Distinct().Order(), hidden);
            Assert.Equal(one.Prediction.Index, await PredictAsync(hidden, version));
            Assert.NotEqual(answer.Prediction!.Index, one.Prediction.Index);
            Assert.True(one.Minimal);
            foreach (var shown in hidden)
            {
                Assert.Equal(answer.Prediction.Index, await PredictAsync(hidden.Where(unit => unit != shown), version));
            }
        }
    }

    [Theory]
    [InlineData("remove", true)]
    [InlineData("reduce", null)]
    public async Task What_is_left_keeps_the_label_until_one_more_patch_is_hidden(string method, bool? keep)
    {
        var answer = await service.AskAsync<CounterfactualAnswer>(
            "/counterfactual",
            new
            {
                image = Image,
                method,
                keep,
                max_edits = method == "reduce" ? (int?)null : 16,
            }
        );
        var left = Assert.Single(answer.Counterfactuals);
        int[] hidden = [.. left.Edits.Select(edit => edit.Start)];
        Assert.Equal(answer.Prediction!.Index, left.Prediction.Index);
        Assert.Equal(answer.Prediction.Index, await PredictAsync(hidden, PictureVersion.Mean));
        Assert.True(left.Minimal);
        Assert.Equal(16 - hidden.Length, left.Text.Length);
        foreach (var more in Enumerable.Range(0, 16).Except(hidden).Where(_ => hidden.Length < 15))
        {
            Assert.NotEqual(answer.Prediction.Index, await PredictAsync([.. hidden, more], PictureVersion.Mean));
        }
    }

    [Fact]
    public async Task Where_no_set_of_patches_does_it_the_answer_is_empty_and_says_so()
    {
        var answer = await service.AskAsync<CounterfactualAnswer>("/counterfactual", new { image = Image, replacement = "blur" });
        Assert.Empty(answer.Counterfactuals);
        Assert.Contains("no_counterfactual", answer.WarningCodes);
    }

    [Fact]
    public async Task An_edit_says_which_patch_is_hidden_where_it_is_and_what_it_becomes()
    {
        var answer = await service.AskAsync<CounterfactualAnswer>(
            "/counterfactual",
            new
            {
                image = Convert.ToBase64String(VisionService.Of(64, 96)),
                max_edits = 16,
                replacement = "zero",
            }
        );
        Assert.All(
            answer.Counterfactuals.SelectMany(one => one.Edits),
            edit =>
            {
                var (row, column) = (edit.Start / 4, edit.Start % 4);
                Assert.Equal(($"{row + 1},{column + 1}", "zero"), (edit.From, edit.To));
                Assert.Equal([column * 16, row * 24, 16, 24], edit.Box!);
            }
        );
    }

    [Fact]
    public async Task Superpixels_are_hidden_too_and_a_label_can_be_asked_for()
    {
        var before = await service.AskAsync<CounterfactualAnswer>(
            "/counterfactual",
            new
            {
                image = Image,
                granularity = "superpixel",
                segments = 12,
                max_edits = 20,
                count = 4,
            }
        );
        Assert.Equal("superpixel", before.Granularity);
        var wanted = before.Counterfactuals.Select(one => one.Prediction.Label).First();
        var answer = await service.AskAsync<CounterfactualAnswer>(
            "/counterfactual",
            new
            {
                image = Image,
                granularity = "superpixel",
                segments = 12,
                max_edits = 20,
                to = wanted,
            }
        );
        Assert.Equal(wanted, answer.Counterfactuals[0].Prediction.Label);
        Assert.All(answer.Counterfactuals[0].Edits, edit => Assert.Equal(4, edit.Box!.Count));
    }

    [Theory]
    [InlineData("flip", "vocabulary")]
    [InlineData("fill", "paints")]
    public async Task A_search_for_other_words_is_refused_and_listed_so(string method, string why)
    {
        var problem = await service.RefuseAsync("/counterfactual", new { image = Image, method });
        Assert.Contains(why, problem.Errors!["method"][0], StringComparison.Ordinal);
        var supports = (await service.Client.ModelAsync("vit-cls")).Supports!;
        Assert.Contains(why, supports["counterfactual." + method].Reason, StringComparison.Ordinal);
        Assert.True(supports["counterfactual.remove"].Supported && supports["counterfactual.reduce"].Supported);
    }

    [Fact]
    public async Task A_replacement_of_texts_is_none_of_pictures() =>
        Assert.Equal(["replacement"], await service.RefusedFieldsAsync("/counterfactual", new { image = Image, replacement = "mask" }));

    /// <summary>What the runner says of the picture with these patches hidden.</summary>
    private async Task<int> PredictAsync(IEnumerable<int> hidden, PictureVersion version)
    {
        var model = await service.Services.GetRequiredService<IModelRegistry>().GetAsync("vit-cls", CancellationToken.None);
        var image = ImageReader.Read(VisionService.Picture, new ImageOptions()).Image;
        var seen = model.Description.PictureProcessor!.Process(image);
        var table = new PreparedPicture(image, seen, model.Description.Picture!, regions: null, hidesUnits: true, seed: 0).Table;
        var ids = new int[table.Pieces];
        foreach (var patch in hidden)
        {
            ids[table.Shape.Before + patch] = (int)version;
        }

        var row = new TokenRow { Ids = ids, Picture = table };
        var logits = await model.Runner.PredictAsync([row], new WorkOptions(), CancellationToken.None).SingleAsync();
        return Array.IndexOf(logits.Values, logits.Values.Max());
    }
}
