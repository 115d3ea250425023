using System.Diagnostics;
using ExplainService.Graph.Forms;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's forms in which rows change something inside, one a kind of change, each made when it is first used.</summary>
internal sealed class InterventionForms
{
    private readonly FormContext context;
    private readonly ForwardForm forward;
    private readonly OnceAsync<GraphIntervention, AblationWorkload> ablations = new();
    private readonly Once<ValueZeroingWorkload> values;
    private readonly Once<StreamWorkload> streams;

    public InterventionForms(FormContext context, ForwardForm forward)
    {
        (this.context, this.forward) = (context, forward);
        values = new Once<ValueZeroingWorkload>(ValuesAsync);
        streams = new Once<StreamWorkload>(StreamsAsync);
    }

    /// <summary>What has been made, or is being made.</summary>
    public IEnumerable<Task> Made => [.. ablations.Made, .. values.Made, .. streams.Made];

    /// <summary>Rows with value vectors off to residual streams.</summary>
    /// <exception cref="NotSupportedByModelException">The graph does not show them.</exception>
    public Task<ValueZeroingWorkload> ZeroValuesAsync() => values.GetAsync();

    /// <summary>Residual streams to logits.</summary>
    /// <exception cref="NotSupportedByModelException">The graph does not show them.</exception>
    public Task<StreamWorkload> ReadStreamAsync() => streams.GetAsync();

    /// <summary>
    /// Rows with parts of the model off to logits. Means are the request's: they cost the same whichever they are, so one measurement serves
    /// all.
    /// </summary>
    /// <exception cref="NotSupportedByModelException">The graph does not show them.</exception>
    public async Task<AblationWorkload> AblateAsync(AblationSpec spec)
    {
        var hasMeans = spec.Means is not null;
        GraphIntervention change = spec.Part switch
        {
            ModelPart.Head => new HeadAblation(hasMeans),
            ModelPart.Neuron => new NeuronAblation(hasMeans),
            ModelPart.Layer => new LayerAblation(hasMeans),
            _ => throw new UnreachableException($"{spec.Part}"),
        };
        var workload = await ablations.GetAsync(change, () => AblationAsync(change)).ConfigureAwait(false);
        return spec.Means is { } means ? workload.WithMeans(means) : workload;
    }

    private async Task<AblationWorkload> AblationAsync(GraphIntervention change)
    {
        var form = await FormAsync(change.Name, () => context.Compiler.Intervene(change)).ConfigureAwait(false);
        var probe = new AblationWorkload(form, 1);
        var compatibility = await forward
            .CompatibilityInsideAsync(rows =>
                probe.Run([.. rows.Select(row => new AblatedRow(row))], CancellationToken.None).Select(logits => logits.Values)
            )
            .ConfigureAwait(false);
        var workload = new AblationWorkload(form, 1) { EqualLengths = compatibility != BatchCompatibility.Any };
        context.WarmUp.LikeForward(workload, row => new AblatedRow(row), compatibility);
        return workload;
    }

    private async Task<ValueZeroingWorkload> ValuesAsync()
    {
        var change = new ValueZeroing();
        var form = await FormAsync(change.Name, () => context.Compiler.Intervene(change)).ConfigureAwait(false);
        var probe = new ValueZeroingWorkload(form, 1);
        var compatibility = await forward
            .CompatibilityInsideAsync(rows => probe.Run([.. rows.Select(row => new AblatedRow(row))], CancellationToken.None))
            .ConfigureAwait(false);
        return new ValueZeroingWorkload(form, compatibility == BatchCompatibility.Alone ? 1 : WarmUp.MaxInside)
        {
            EqualLengths = compatibility != BatchCompatibility.Any,
        };
    }

    private async Task<StreamWorkload> StreamsAsync()
    {
        var form = await FormAsync("lens", context.Compiler.Lens).ConfigureAwait(false);
        var stream = form.Session.Form.Inputs.Single(input => input.Name == FormNames.Stream);
        if (!int.TryParse(stream.Dims[^1], out var hidden))
        {
            throw new NotSupportedByModelException("The graph does not tell how many channels its residual stream has.");
        }

        var probe = new StreamWorkload(form, hidden, 1);
        var compatibility = await forward
            .CompatibilityInsideAsync(rows =>
                probe
                    .Run([.. rows.Select(row => new StreamRow(row, Example(row.Ids.Length * hidden)))], CancellationToken.None)
                    .Select(logits => logits.Values)
            )
            .ConfigureAwait(false);
        return new StreamWorkload(form, hidden, compatibility == BatchCompatibility.Alone ? 1 : WarmUp.MaxInside)
        {
            EqualLengths = compatibility != BatchCompatibility.Any,
        };
    }

    private async Task<InsideForm> FormAsync(string name, Func<Form> compile)
    {
        var session = await context.Sessions.GetDerivedAsync(name, compile).ConfigureAwait(false);
        var grouping =
            context.Config.Task == ModelTask.FeatureExtraction
                ? null
                : (await forward.GetAsync().ConfigureAwait(false)).Workload.EosGrouping;
        return new InsideForm($"{context.Name}/{name}", session, context.Limits, context.Layout, grouping);
    }

    /// <summary>Some numbers, none like the next.</summary>
    private static float[] Example(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i))];
}
