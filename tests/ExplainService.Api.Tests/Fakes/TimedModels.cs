using System.Runtime.CompilerServices;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>Models of another registry, which tell of every row that they have answered.</summary>
/// <param name="models">The models.</param>
/// <param name="answered">Called for each row, before the caller gets its answer.</param>
internal sealed class TimedModels(IModelRegistry models, Action answered) : IModelRegistry
{
    public string? Default => models.Default;

    public string? Error => models.Error;

    public IReadOnlyList<string> Names => models.Names;

    public IReadOnlyList<ModelEntry> List() => models.List();

    public ModelEntry Find(string name) => models.Find(name);

    public async ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken) =>
        new Timed(await models.GetAsync(name, cancellationToken), answered);

    public Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken) => models.LoadAsync(name, cancellationToken);

    public Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken) => models.UnloadAsync(name, cancellationToken);

    private sealed class Timed(ILoadedModel model, Action answered) : ILoadedModel, IModelRunner
    {
        public ModelDescription Description => model.Description;

        public Tokenizer Tokenizer => model.Tokenizer;

        public IModelRunner Runner => this;

        public ModelDescription Model => model.Runner.Model;

        public IDisposable? TryHold() => model.TryHold();

        public IAsyncEnumerable<Logits> PredictAsync(IEnumerable<ModelRow> rows, WorkOptions work, CancellationToken cancellationToken) =>
            Told(model.Runner.PredictAsync(rows, work, cancellationToken), cancellationToken);

        public IAsyncEnumerable<GradientResult> GradientAsync(
            IEnumerable<GradientRow> rows,
            GradientSpec spec,
            WorkOptions work,
            CancellationToken cancellationToken
        ) => Told(model.Runner.GradientAsync(rows, spec, work, cancellationToken), cancellationToken);

        public IAsyncEnumerable<TResult> TapAsync<TResult>(
            IEnumerable<ModelRow> rows,
            ModelTap<TResult> tap,
            WorkOptions work,
            CancellationToken cancellationToken
        )
            where TResult : class => Told(model.Runner.TapAsync(rows, tap, work, cancellationToken), cancellationToken);

        public IAsyncEnumerable<Logits> AblateAsync(
            IEnumerable<AblatedRow> rows,
            AblationSpec spec,
            WorkOptions work,
            CancellationToken cancellationToken
        ) => Told(model.Runner.AblateAsync(rows, spec, work, cancellationToken), cancellationToken);

        public IAsyncEnumerable<float[]> ZeroValuesAsync(
            IEnumerable<AblatedRow> rows,
            WorkOptions work,
            CancellationToken cancellationToken
        ) => Told(model.Runner.ZeroValuesAsync(rows, work, cancellationToken), cancellationToken);

        public IAsyncEnumerable<Logits> ReadStreamAsync(
            IEnumerable<StreamRow> rows,
            WorkOptions work,
            CancellationToken cancellationToken
        ) => Told(model.Runner.ReadStreamAsync(rows, work, cancellationToken), cancellationToken);

        public Task<FastQuality> FastAsync(CancellationToken cancellationToken) => model.Runner.FastAsync(cancellationToken);

        public Task<IReadOnlyList<int>> GenerateAsync(
            TokenRow prompt,
            int maxNewTokens,
            WorkOptions work,
            CancellationToken cancellationToken
        ) => model.Runner.GenerateAsync(prompt, maxNewTokens, work, cancellationToken);

        public float[] Embed(ReadOnlySpan<int> ids, bool decoder = false) => model.Runner.Embed(ids, decoder);

        public ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false) =>
            model.Runner.EmbeddingLines(first, buffer, decoder);

        public ReadOnlySpan<float> MeanEmbedding(bool decoder = false) => model.Runner.MeanEmbedding(decoder);

        private async IAsyncEnumerable<T> Told<T>(IAsyncEnumerable<T> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                answered();
                yield return row;
            }
        }
    }
}
