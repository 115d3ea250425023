using System.Runtime.CompilerServices;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>Any number of samples fits in memory: points are drawn as the model asks for them.</summary>
public sealed class SampledPointsTests
{
    // The point, its baseline, and of the one before it the gradient and its scores, which are twice as wide.
    private const double MostPoints = 6;

    [Theory]
    [Slow]
    [InlineData("smooth_grad")]
    [InlineData("gradient_shap")]
    public async Task A_point_is_drawn_when_it_is_asked_for(string method)
    {
        var request = new SaliencyRequest
        {
            Text = "x",
            Method = method,
            Samples = 200,
            Noise = 0.1,
            Baseline = new(BaselineKind.Zero),
        };
        var model = new OneAtATime();
        var input = new SaliencyInput(
            model,
            new TokenRow { Ids = [1, 2], TypeIds = [0, 0] },
            [0],
            new GradientSpec(Objective.Logit, default),
            [false, false],
            new WorkOptions(),
            Deadline.None
        );
        var scores = await SaliencyAlgorithms
            .Of(request)
            .AttributeAsync(input, request, tokenizer: null!, TestContext.Current.CancellationToken);

        Assert.InRange(model.Rows, 200, 202);
        Assert.All(scores.Tokens, score => Assert.True(double.IsFinite(score)));
        Assert.Equal(model.Rows, model.Drawn.Count);
        Assert.All(model.Drawn, bytes => Assert.InRange(bytes, 0, MostPoints * OneAtATime.PointBytes));
    }

    /// <summary>f = Σ e over long embeddings; weighs what is allocated between one row and the next while rows are served one by one.</summary>
    private sealed class OneAtATime : GradientsOnly
    {
        private const int Size = 200_000;

        private long before = GC.GetAllocatedBytesForCurrentThread();

        /// <summary>The embeddings of the two tokens of a row.</summary>
        public const double PointBytes = 2 * Size * sizeof(float);

        public int Rows { get; private set; }

        /// <summary>Bytes allocated for each row, from the moment at which the one before it was there.</summary>
        public List<long> Drawn { get; } = [];

        public override float[] Embed(ReadOnlySpan<int> ids, bool decoder = false)
        {
            var embeddings = new float[ids.Length * Size];
            embeddings[0] = 1;
            return embeddings;
        }

        public override async IAsyncEnumerable<GradientResult> GradientAsync(
            IEnumerable<GradientRow> rows,
            GradientSpec spec,
            WorkOptions work,
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await Task.CompletedTask;
            foreach (var row in rows)
            {
                Rows++;
                Drawn.Add(GC.GetAllocatedBytesForCurrentThread() - before);
                before = GC.GetAllocatedBytesForCurrentThread();
                yield return new GradientResult(0, new float[2 * Size], []);
            }
        }
    }
}
