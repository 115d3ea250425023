using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Methods.Pipeline;

/// <summary>What a model has said is remembered for the rest of the request: every row is computed once, whoever asks, in any order.</summary>
public sealed class RememberingModelTests
{
    private readonly CountingModel counting = new();

    [Fact]
    public async Task A_row_is_computed_once_within_a_call_and_over_calls()
    {
        var model = new RememberingModel(counting);
        await AskAsync(model, 3, 5, 3, 3, 7);
        Assert.Equal([3, 5, 7], counting.Computed);
        await AskAsync(model, 7, 9, 3);
        Assert.Equal([3, 5, 7, 9], counting.Computed);
    }

    [Fact]
    public async Task The_other_arithmetic_is_another_answer()
    {
        var model = new RememberingModel(counting);
        await AskAsync(model, 3);
        await AskAsync(model, new WorkOptions { Precision = Precision.Fast }, 3);
        await AskAsync(model, 3);
        Assert.Equal([3, 3], counting.Computed);
    }

    [Fact]
    public async Task What_is_known_is_answered_before_what_is_not_has_been_asked_for()
    {
        var model = new RememberingModel(counting);
        await AskAsync(model, 1, 2);
        var pulled = 0;
        IEnumerable<ModelRow> Rows()
        {
            foreach (var number in new[] { 1, 2, 3, 4 })
            {
                pulled++;
                yield return Row(number);
            }
        }

        await foreach (var logits in model.Runner.PredictAsync(Rows(), new WorkOptions(), TestContext.Current.CancellationToken))
        {
            // The third row had to be pulled to be computed; the fourth waits for its turn.
            Assert.Equal(1, logits.Values[0]);
            Assert.Equal(3, pulled);
            break;
        }
    }

    [Fact]
    public async Task More_than_fits_is_forgotten_oldest_first_and_computed_again()
    {
        // A vocabulary so large that three answers are kept.
        var large = new CountingModel(classes: 5_000_000);
        var model = new RememberingModel(large);
        await AskAsync(model, 1, 2, 3, 4);
        await AskAsync(model, 2, 3, 4);
        Assert.Equal([1, 2, 3, 4], large.Computed);
        await AskAsync(model, 1);
        Assert.Equal([1, 2, 3, 4, 1], large.Computed);
    }

    [Fact]
    public async Task A_text_is_generated_once_for_each_length()
    {
        var model = new RememberingModel(counting);
        var (work, token) = (new WorkOptions(), TestContext.Current.CancellationToken);
        await model.Runner.GenerateAsync(Row(3), 4, work, token);
        await model.Runner.GenerateAsync(Row(3), 4, work, token);
        await model.Runner.GenerateAsync(Row(3), 5, work, token);
        Assert.Equal([(3, 4), (3, 5)], counting.Generated);
    }

    private static Task AskAsync(RememberingModel model, params int[] numbers) => AskAsync(model, new WorkOptions(), numbers);

    /// <summary>Asks for rows, and holds what is said against what they are, in their order.</summary>
    private static async Task AskAsync(RememberingModel model, WorkOptions work, params int[] numbers)
    {
        var said = await model
            .Runner.PredictAsync(numbers.Select(Row), work, TestContext.Current.CancellationToken)
            .Select(logits => (int)logits.Values[0])
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(numbers, said);
    }

    private static TokenRow Row(int number) => new() { Ids = [number] };

    /// <summary>Says of a row the number that it holds, and keeps account of the rows that it was asked for.</summary>
    private sealed class CountingModel(int classes = 2) : UnaskedRunner, ILoadedModel
    {
        public List<int> Computed { get; } = [];

        public List<(int Number, int Most)> Generated { get; } = [];

        public ModelDescription Description => UnitTexts.Model;

        public override ModelDescription Model => UnitTexts.Model;

        public Tokenizer Tokenizer => UnitTexts.Tokenizer;

        public IModelRunner Runner => this;

        public override IAsyncEnumerable<Logits> PredictAsync(
            IEnumerable<ModelRow> rows,
            WorkOptions work,
            CancellationToken cancellationToken
        ) =>
            rows.ToAsyncEnumerable()
                .Select(row =>
                {
                    var values = new float[classes];
                    values[0] = ((TokenRow)row).Ids[0];
                    Computed.Add(((TokenRow)row).Ids[0]);
                    return new Logits(values, 1, classes);
                });

        public override Task<IReadOnlyList<int>> GenerateAsync(
            TokenRow prompt,
            int maxNewTokens,
            WorkOptions work,
            CancellationToken cancellationToken
        )
        {
            Generated.Add((prompt.Ids[0], maxNewTokens));
            return Task.FromResult<IReadOnlyList<int>>([1]);
        }

        public IDisposable? TryHold() => null;
    }
}
