using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's forms, one class a kind, each made when it is first used.</summary>
internal sealed class ModelForms : IAsyncDisposable
{
    private readonly FormContext context;
    private readonly ForwardForm forward;
    private readonly CachedForm cached;
    private readonly FastForm fast;
    private readonly TapForms taps;
    private readonly GradientForms gradients;
    private readonly InterventionForms interventions;
    private readonly Once<PredictWorkload> predict;

    public ModelForms(FormContext context)
    {
        this.context = context;
        if (context.Report.Lookups is [{ Table: var first }, ..] and [.., { Table: var last }])
        {
            (Table, DecoderTable) = (new EmbeddingTable(first), new EmbeddingTable(last));
        }

        forward = new ForwardForm(context);
        cached = new CachedForm(context, forward);
        fast = new FastForm(context, forward);
        taps = new TapForms(context, forward);
        gradients = new GradientForms(context, forward, Table, DecoderTable);
        interventions = new InterventionForms(context, forward);
        predict = new Once<PredictWorkload>(PredictSharingAsync);
    }

    /// <summary>Of a model of pictures and texts: the forms of its texts, freed with these.</summary>
    public ModelForms? Texts { get; init; }

    /// <summary>What the files say.</summary>
    public ModelConfig Config => context.Config;

    /// <summary>What rows may hold.</summary>
    public ModelLimits Limits => context.Limits;

    /// <summary>How it generates.</summary>
    public GenerationRules Generation => context.Config.Generation;

    /// <summary>The padding token that config.json names.</summary>
    public int? Padding => context.Config.PadToken;

    /// <summary>What was found in the graph.</summary>
    public GraphReport Report => context.Report;

    /// <summary>The word embeddings; null where the graph does not show them.</summary>
    public EmbeddingTable? Table { get; }

    /// <summary>Those of the decoder.</summary>
    public EmbeddingTable? DecoderTable { get; }

    /// <summary>Memory of its weights and of the forms that have been made.</summary>
    public long Bytes => context.Sessions.Bytes + (Texts?.Bytes ?? 0);

    /// <summary>How many sessions its forms have.</summary>
    public int Sessions => context.Sessions.Count + (Texts?.Sessions ?? 0);

    /// <summary>A form was added.</summary>
    public Action? Grown
    {
        get => context.Sessions.Grown;
        set
        {
            context.Sessions.Grown = value;
            if (Texts is not null)
            {
                Texts.Grown = value;
            }
        }
    }

    /// <summary>Rows to logits.</summary>
    public Task<PredictWorkload> PredictAsync() => predict.GetAsync();

    /// <summary>Steps of a generation with a cache; null where the graph does not allow one.</summary>
    public Task<StepWorkload?> StepsAsync() => cached.StepsAsync();

    /// <summary>Rows to the logits of the int8 form.</summary>
    public Task<FastCandidate<PredictWorkload>> FastAsync(Func<IReadOnlyList<TokenRow>> calibration) => fast.GetAsync(calibration);

    /// <summary>Rows to what a tap reads.</summary>
    public Task<TapWorkload<TResult>> TapAsync<TResult>(ModelTap<TResult> tap)
        where TResult : class => taps.GetAsync(tap);

    /// <summary>Points to f and its derivatives.</summary>
    public Task<GradientWorkload> GradientAsync(GradientSpec spec) => gradients.GetAsync(spec);

    /// <summary>Rows with parts of the model off to logits.</summary>
    public Task<AblationWorkload> AblateAsync(AblationSpec spec) => interventions.AblateAsync(spec);

    /// <summary>Rows with value vectors off to residual streams.</summary>
    public Task<ValueZeroingWorkload> ZeroValuesAsync() => interventions.ZeroValuesAsync();

    /// <summary>Residual streams to logits.</summary>
    public Task<StreamWorkload> ReadStreamAsync() => interventions.ReadStreamAsync();

    /// <summary>The forms of the same model with its top layers drawn anew.</summary>
    /// <param name="layers">How many layers.</param>
    /// <param name="gaussian">Draws from the standard normal distribution.</param>
    /// <exception cref="NotSupportedByModelException">The graph's layers were not recognised.</exception>
    public ModelForms Randomised(int layers, Func<double> gaussian)
    {
        try
        {
            var compiler = RandomLayers.Of(context.Compiler, layers, gaussian);
            return new ModelForms(context with { Compiler = compiler, Sessions = context.Sessions.Apart() });
        }
        catch (NotSupportedException error)
        {
            throw new NotSupportedByModelException(error.Message);
        }
    }

    /// <summary>What makes the forms that requests with default settings need, each when it is called.</summary>
    /// <param name="description">What the model is.</param>
    public IEnumerable<Func<Task>> Expected(ModelDescription description)
    {
        if (Texts is not null)
        {
            yield return () => Texts.TapAsync(new HandedOverTap());
        }

        if (!description.Unsupported.ContainsKey(ModelFeature.Gradient))
        {
            // What texts have in common is a logit of no class.
            var link = description.Task == ModelTask.FeatureExtraction ? Link.Identity : description.Link;
            yield return () => GradientAsync(new GradientSpec(description.DefaultObjective, link));
        }

        if (!description.Unsupported.ContainsKey(ModelFeature.Attention))
        {
            foreach (var kind in description.AttentionLayers.Keys)
            {
                yield return () => TapAsync(new AttentionTap(kind));
            }
        }

        if (description.Generates && !description.RoundsByBatch)
        {
            yield return () => StepsAsync();
        }
    }

    /// <summary>Frees everything, after what is still being made for callers who left, which makes further sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        IEnumerable<Task>[] made = [predict.Made, forward.Made, cached.Made, fast.Made, taps.Made, gradients.Made, interventions.Made];
        foreach (var making in made.SelectMany(tasks => tasks))
        {
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (Texts is not null)
        {
            await Texts.DisposeAsync().ConfigureAwait(false);
        }

        await context.Sessions.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What rows of a causal model have in common is computed once, where padding and company change nothing.</summary>
    private async Task<PredictWorkload> PredictSharingAsync()
    {
        var (workload, compatibility) = await forward.GetAsync().ConfigureAwait(false);
        if (
            context.Options.PrefixSharing
            && !context.Report.RoundsByBatch
            && compatibility == BatchCompatibility.Any
            && context.Config.Task == ModelTask.TextGeneration
            && await cached.DecoderAsync().ConfigureAwait(false) is { } decoder
        )
        {
            workload.Sharing = new PrefixSharing(decoder);
        }

        return workload;
    }
}
