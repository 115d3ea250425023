using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>How steps grow, and that no point of the path is computed twice.</summary>
public sealed class IntegratedGradientsTests
{
    private static readonly Tokenizer AnyTokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));

    [Theory]
    [InlineData(null, null, null, 1, 10, 11)]
    [InlineData(null, null, QuadratureRule.Trapezoid, 1, 10, 10)]
    [InlineData(7, null, null, 1, 7, 9)]
    [InlineData(7, null, QuadratureRule.Trapezoid, 1, 7, 7)]
    [InlineData(null, null, null, 100, 40, 41)]
    [InlineData(null, null, null, 2000, 80, 81)]
    [InlineData(null, 1e-3, null, 40, 32, 33)]
    [InlineData(4, 1e-3, null, 40, 32, 33)]
    [InlineData(null, 1e-3, QuadratureRule.Trapezoid, 4, 57, 57)]
    public async Task Steps_are_doubled_until_the_scores_add_up(
        int? named,
        double? tolerance,
        QuadratureRule? rule,
        int bends,
        int steps,
        int points
    )
    {
        var model = new Waves(bends);
        var request = new SaliencyRequest
        {
            Text = "x",
            Steps = named,
            Tolerance = tolerance,
            Quadrature = rule,
            Baseline = new BaselineRequest(BaselineKind.Zero),
        };
        var scores = await AttributeAsync(model, request);

        Assert.Equal(steps, scores.Steps);
        Assert.Equal(points, model.Points.Count);
        Assert.Equal(model.Points.Distinct(), model.Points);
        Assert.InRange(model.Points.Count, 1, SaliencyAlgorithms.Of(request).Points(request));
        Assert.Equal(scores.Path!.Select(point => point.Alpha).Order(), scores.Path!.Select(point => point.Alpha));
    }

    [Fact]
    public async Task What_is_doubled_is_as_exact_as_a_rule_of_its_own()
    {
        var doubled = await AttributeAsync(
            new Waves(3),
            new SaliencyRequest
            {
                Text = "x",
                Tolerance = 1e-9,
                Baseline = new BaselineRequest(BaselineKind.Zero),
            }
        );
        Assert.InRange(doubled.CompletenessError!.Value, 0, 1e-5);
        Assert.Equal(Math.Sin(3), doubled.Tokens.Sum(), 1e-5);
    }

    private static Task<TokenScores> AttributeAsync(IModelRunner model, SaliencyRequest request) =>
        new IntegratedGradients().AttributeAsync(
            new SaliencyInput(
                model,
                new TokenRow { Ids = [1] },
                [0],
                new GradientSpec(Objective.Logit, default),
                [false],
                new WorkOptions(),
                Deadline.None
            ),
            request,
            AnyTokenizer,
            TestContext.Current.CancellationToken
        );

    /// <summary>f = sin(k e) of one token whose embedding is one number, 1 at the text.</summary>
    private sealed class Waves(int bends) : GradientsOnly
    {
        public List<float> Points { get; } = [];

        public override float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) => [.. ids.ToArray().Select(id => (float)id)];

        public override IAsyncEnumerable<GradientResult> GradientAsync(
            IEnumerable<GradientRow> rows,
            GradientSpec spec,
            WorkOptions work,
            CancellationToken cancellationToken
        ) =>
            rows.ToAsyncEnumerable()
                .Select(row =>
                {
                    var e = row.Embeddings![0];
                    Points.Add(e);
                    return new GradientResult(Math.Sin(bends * e), [(float)(bends * Math.Cos(bends * e))], []);
                });
    }
}
