using System.Numerics;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Patterns;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's forms as sessions and workloads, each made when it is first used; they share one copy of the weights.</summary>
internal sealed class ModelForms(
    string name,
    FormCompiler compiler,
    ModelLimits limits,
    ModelConfig config,
    SessionFactory sessions,
    RuntimeOptions options,
    DeviceTurns device,
    TimeProvider time
) : IAsyncDisposable
{
    private const int CalibrationBatch = 16;

    private readonly SharedWeights weights = new();
    private readonly OnceAsync<string, FormSession> forms = new();
    private readonly OnceAsync<object, Workload> workloads = new();
    private readonly OnceAsync<string, CachedDecoder?> cached = new();
    private readonly OnceAsync<string, FastCandidate<PredictWorkload>> fast = new();
    private readonly List<FormSession> fastSessions = [];
    private readonly Readout readout = Readout.For(compiler.Report);
    private readonly ExampleRows examples = new(limits, config, Readout.For(compiler.Report));
    private volatile RowCompany company;
    private volatile EndCounts? ends;

    /// <summary>
    /// A dynamically quantised graph rounds by the largest numbers of whatever runs together, so that even rows of one length change each
    /// other's: a text's score would depend on what else is asked. Its forward rows run alone; its other forms are dequantised.
    /// </summary>
    private bool RoundsByBatch => compiler.Report.RoundsByBatch;

    private WarmUp WarmUp => new(options, limits, examples, device, time);

    private bool SharesPrefixes =>
        options.PrefixSharing && !RoundsByBatch && company == RowCompany.Any && config.Task == ModelTask.TextGeneration;

    /// <summary>What rows may hold.</summary>
    public ModelLimits Limits => limits;

    /// <summary>How it generates.</summary>
    public GenerationRules Generation => config.Generation;

    /// <summary>What was found in the graph.</summary>
    public GraphReport Report => compiler.Report;

    /// <summary>The word embeddings; null where the graph does not show them.</summary>
    public EmbeddingTable? Table { get; } = compiler.Report.Lookups.Count > 0 ? new EmbeddingTable(compiler.Report.Lookups[0].Table) : null;

    /// <summary>Those of the decoder.</summary>
    public EmbeddingTable? DecoderTable { get; } =
        compiler.Report.Lookups.Count > 0 ? new EmbeddingTable(compiler.Report.Lookups[^1].Table) : null;

    public async Task<PredictWorkload> PredictAsync() =>
        (PredictWorkload)
            await workloads
                .GetAsync(
                    "predict",
                    async () =>
                    {
                        var workload = await ForwardAsync().ConfigureAwait(false);
                        if (SharesPrefixes && await CachedAsync().ConfigureAwait(false) is { } decoder)
                        {
                            workload.Sharing = new PrefixSharing(decoder);
                        }

                        return workload;
                    }
                )
                .ConfigureAwait(false);

    /// <summary>Steps of a generation with a cache; null where the graph does not allow one.</summary>
    public async Task<StepWorkload?> StepAsync() =>
        await CachedAsync().ConfigureAwait(false) is { } decoder
            ? (StepWorkload)
                await workloads
                    .GetAsync("step", () => Task.FromResult<Workload>(new StepWorkload($"{name}/step", decoder, limits)))
                    .ConfigureAwait(false)
            : null;

    private async Task<PredictWorkload> ForwardAsync() =>
        (PredictWorkload)
            await workloads
                .GetAsync(
                    "forward",
                    async () =>
                    {
                        var session = await SessionAsync("forward", compiler.Forward).ConfigureAwait(false);
                        var probe = new PredictWorkload($"{name}/company", session, limits, readout, 1, 0);
                        company = RowCompanyCheck.Of(probe, examples.Row, limits, compiler.Report);
                        if (probe.ColumnsVary && !readout.IsSpans)
                        {
                            throw new ModelNotUsableException(
                                "The graph's output has as many columns as a text has tokens: they are no classes."
                            );
                        }

                        if (
                            config.Task == ModelTask.TextClassification
                            && examples.EndToken is { } end
                            && !RowCompanyCheck.MixesEnds(probe, examples.Row, end, compiler.Report)
                        )
                        {
                            ends = new EndCounts(end);
                        }

                        var workload = new PredictWorkload(
                            $"{name}/forward",
                            session,
                            limits,
                            readout,
                            1,
                            (long)options.CacheMegabytes << 20
                        )
                        {
                            EqualLengths = company != RowCompany.Any,
                            Ends = ends,
                        };
                        WarmUp.Light(workload, RoundsByBatch ? RowCompany.None : company);
                        return workload;
                    }
                )
                .ConfigureAwait(false);

    /// <summary>The int8 form, chosen by comparing with the model on calibration rows.</summary>
    public Task<FastCandidate<PredictWorkload>> FastAsync(Func<IReadOnlyList<ModelRow>> calibration) =>
        fast.GetAsync(
            "fast",
            async () =>
            {
                var exact = await ForwardAsync().ConfigureAwait(false);
                var rows = calibration();
                var chosen = FastFormChooser.Choose(
                    new FastForms(compiler),
                    form => sessions.Create(form, weights),
                    session => session.Dispose(),
                    session => LogitsOf(Fast(session, 0), rows),
                    LogitsOf(exact, rows)
                );
                var workload = Fast(chosen.Runs, (long)options.CacheMegabytes << 20, exact.EqualLengths);
                WarmUp.Light(workload, company);
                lock (fastSessions)
                {
                    fastSessions.Add(chosen.Runs);
                }

                return new FastCandidate<PredictWorkload>(workload, chosen.Quality);
            }
        );

    private PredictWorkload Fast(FormSession session, long cacheBytes, bool equalLengths = false) =>
        new($"{name}/fast", session, limits, readout, 1, cacheBytes) { EqualLengths = equalLengths, Ends = ends };

    /// <summary>
    /// In batches of one length only, and alone where the model bears no company. Each takes its turn with the batches of the queue, which
    /// would share the cores with it otherwise, and go on between any two.
    /// </summary>
    private float[] LogitsOf(PredictWorkload workload, IReadOnlyList<ModelRow> rows)
    {
        var batches = rows.GroupBy(row => row.Ids.Length)
            .SelectMany(alike => alike.Chunk(company == RowCompany.None ? 1 : CalibrationBatch));
        return
        [
            .. batches
                .SelectMany(batch => device.Alone(() => workload.Run(batch, CancellationToken.None)))
                .SelectMany(logits => logits.Values),
        ];
    }

    public async Task<AttendWorkload> AttendAsync(AttentionKind kind) =>
        (AttendWorkload)
            await workloads
                .GetAsync(
                    kind,
                    async () =>
                    {
                        var role = ModelDescriber.RoleOf(kind);
                        if (compiler.Report.Of(role).Count == 0)
                        {
                            throw new NotSupportedByModelException($"The graph has no attention of kind {kind}.");
                        }

                        var session = await SessionAsync($"attention/{kind}", () => compiler.Attention(role)).ConfigureAwait(false);
                        var probe = Make(RowCompany.Any);
                        var inside = await InsideAsync(rows => probe.Run(rows, CancellationToken.None).Select(Numbers))
                            .ConfigureAwait(false);
                        var workload = Make(inside);
                        WarmUp.HandingOut(workload, inside);
                        return workload;

                        AttendWorkload Make(RowCompany rows) =>
                            new($"{name}/attention/{kind}", session, limits, kind, 1) { EqualLengths = rows != RowCompany.Any };
                        static float[] Numbers(AttentionMaps maps) => [.. maps.Values.SelectMany(heads => heads.SelectMany(map => map))];
                    }
                )
                .ConfigureAwait(false);

    /// <summary>
    /// A gradient form for some heads or for all. There are thousands of sets of heads for requests to choose from: they cost the same, so
    /// one measurement serves them all, and those of some heads are kept by nobody but their request.
    /// </summary>
    public async Task<GradientWorkload> GradientAsync(GradientSpec spec)
    {
        var ofAll = await GradientOfAllHeadsAsync(spec with { HeadMask = BigInteger.Zero }).ConfigureAwait(false);
        return spec.HeadMask.IsZero ? ofAll : ofAll.ForHeads(HeadWeights(spec.HeadMask));
    }

    private async Task<GradientWorkload> GradientOfAllHeadsAsync(GradientSpec spec) =>
        (GradientWorkload)
            await workloads
                .GetAsync(
                    spec,
                    async () =>
                    {
                        if (Table is null || DecoderTable is null || compiler.Report.NoGradient is not null)
                        {
                            throw new NotSupportedByModelException(
                                compiler.Report.NoGradient ?? "No word-embedding lookup was found in the graph."
                            );
                        }

                        var wanted = OptionsOf(spec);
                        var session = await SessionAsync($"gradient/{wanted}", () => compiler.Gradient(wanted)).ConfigureAwait(false);
                        var probe = Make(RowCompany.Any);
                        var inside = await InsideAsync(rows =>
                                probe.Run([.. rows.Select(FirstColumns)], CancellationToken.None).Select(result => Scaled(result.Gradient))
                            )
                            .ConfigureAwait(false);
                        var workload = Make(inside);
                        WarmUp.Heavy(workload, FirstColumns, inside);
                        return workload;

                        GradientWorkload Make(RowCompany rows) =>
                            new($"{name}/{session.Form.Name}", session, limits, readout, Table, DecoderTable, 1)
                            {
                                HeadWeights = HeadWeights(spec.HeadMask),
                                EqualLengths = rows != RowCompany.Any,
                                Ends = ends,
                            };
                        GradientRow FirstColumns(ModelRow row) => new(row, new int[readout.LinesOf(row)]);
                        static float[] Scaled(float[] gradient) =>
                            gradient.Max(Math.Abs) is > 0 and var largest ? Array.ConvertAll(gradient, value => value / largest) : gradient;
                    }
                )
                .ConfigureAwait(false);

    /// <summary>
    /// Frees the sessions, then the weights that they read; both after what is still being made for callers who left, which makes further
    /// sessions.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var making in workloads.Made.Concat<Task>(cached.Made).Concat(fast.Made))
        {
            await making.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var made in forms.Made)
        {
            try
            {
                (await made.ConfigureAwait(false)).Dispose();
            }
            catch (Exception)
            {
                // It was never made, so there is nothing to free.
            }
        }

        lock (fastSessions)
        {
            fastSessions.ForEach(session => session.Dispose());
        }

        weights.Dispose();
    }

    /// <summary>What has no logits to compare is computed alone.</summary>
    private async Task<RowCompany> CompanyAsync()
    {
        if (config.Task != ModelTask.FeatureExtraction)
        {
            await ForwardAsync().ConfigureAwait(false);
        }

        return company;
    }

    /// <summary>
    /// What company rows bear in a form that looks inside the model: that of the model, unless the model itself rounds by the batch, of
    /// which its dequantised forms know nothing.
    /// </summary>
    private async Task<RowCompany> InsideAsync(Func<ModelRow[], IEnumerable<float[]>> run) =>
        RoundsByBatch ? RowCompanyCheck.Of(run, examples.Row, limits) : await CompanyAsync().ConfigureAwait(false);

    private Task<CachedDecoder?> CachedAsync() =>
        cached.GetAsync(
            "cached",
            async () =>
                await TryCachedAsync("cache", compiler.Cached).ConfigureAwait(false)
                ?? (
                    config.Task == ModelTask.Text2textGeneration
                        ? await TryCachedAsync("source", compiler.SourceOnce).ConfigureAwait(false)
                        : null
                )
        );

    private async Task<CachedDecoder?> TryCachedAsync(string key, Func<CacheForms> compile)
    {
        FormSession? start = null;
        FormSession? step = null;
        try
        {
            var made = compile();
            start = made.Start is null ? null : await SessionAsync($"{key}/start", () => made.Start).ConfigureAwait(false);
            step = await SessionAsync($"{key}/step", () => made.Step).ConfigureAwait(false);
            var decoder = new CachedDecoder(made, start, step, readout, limits.PadToken);
            if (CacheCheck.Agrees(decoder, await ForwardAsync().ConfigureAwait(false), limits))
            {
                return decoder;
            }
        }
        catch (Exception error)
            when (error is NotSupportedException or NotSupportedByModelException or GraphFormatException or OnnxRuntimeException)
        {
            // The model answers without: every row is computed whole.
        }

        step?.Dispose();
        start?.Dispose();
        return null;
    }

    private Task<FormSession> SessionAsync(string key, Func<Form> compile) =>
        forms.GetAsync(
            key,
            () =>
            {
                try
                {
                    return Task.FromResult(sessions.Create(compile(), weights));
                }
                catch (Exception error)
                    when (key != "forward" && error is UnsupportedGradientException or NotSupportedException or ModelNotUsableException)
                {
                    throw new NotSupportedByModelException(error.Message);
                }
            }
        );

    private float[] HeadWeights(BigInteger mask)
    {
        var heads = compiler.Report.Of(AttentionRole.Self) is [{ Heads: { } count }, ..] ? count : 1;
        var chosen = Enumerable.Range(0, heads).Where(head => mask.IsZero || !(mask >> head).IsEven).ToHashSet();
        return [.. Enumerable.Range(0, heads).Select(head => chosen.Contains(head) ? 1f / chosen.Count : 0f)];
    }

    private static GradientFormOptions OptionsOf(GradientSpec spec) =>
        new(
            Enum.Parse<FormObjective>(spec.Objective.ToString()),
            Enum.Parse<FormLink>(spec.Link.ToString()),
            spec.Outputs.HasFlag(GradientOutputs.AttentionRelevance)
        );
}
