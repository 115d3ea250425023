using System.Numerics;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Patterns;

namespace ExplainService.Runtime.Execution;

/// <summary>A model's gradient forms, one for each function of the logits that is differentiated.</summary>
internal sealed class GradientForms(FormContext context, ForwardForm forward, EmbeddingTable? table, EmbeddingTable? decoderTable)
{
    private readonly OnceAsync<GradientFormOptions, GradientWorkload> workloads = new();

    /// <summary>What has been made, or is being made.</summary>
    public IEnumerable<Task> Made => workloads.Made;

    /// <summary>
    /// A gradient form for some heads or for all. There are thousands of sets of heads for requests to choose from: they cost the same, so
    /// one measurement serves them all, and those of some heads are kept by nobody but their request.
    /// </summary>
    /// <exception cref="NotSupportedByModelException">The graph cannot be differentiated.</exception>
    public async Task<GradientWorkload> GetAsync(GradientSpec spec)
    {
        var options = new GradientFormOptions(
            GraphTerms.ObjectiveOf(spec.Objective),
            GraphTerms.LinkOf(spec.Link),
            spec.Outputs.HasFlag(GradientOutputs.AttentionRelevance),
            GraphTerms.VariantOf(spec.Propagation)
        )
        {
            Pairs = ReadsPairs,
            Points = GraphTerms.PointsOf(spec.Outputs),
            Contrast = spec.Contrast,
        };
        var ofAllHeads = await workloads.GetAsync(options, () => MakeAsync(options)).ConfigureAwait(false);
        return spec.HeadMask.IsZero ? ofAllHeads : ofAllHeads.ForHeads(HeadWeights(spec.HeadMask));
    }

    /// <summary>A model without a head says something of two texts alone.</summary>
    private bool ReadsPairs => context.Config.Task == ModelTask.FeatureExtraction;

    private async Task<GradientWorkload> MakeAsync(GradientFormOptions options)
    {
        if (context.Report.NoGradient is not null || (table is null && context.Limits.Picture is null))
        {
            throw new NotSupportedByModelException(context.Report.NoGradient ?? EmbeddingLookup.NotFound);
        }

        var session = await context
            .Sessions.GetDerivedAsync(options.FormName, () => context.Compiler.Gradient(options))
            .ConfigureAwait(false);
        var eosGrouping = (await forward.GetAsync().ConfigureAwait(false)).Workload.EosGrouping;
        var probe = Make(BatchCompatibility.Any);
        var compatibility = await forward
            .CompatibilityInsideAsync(rows =>
                probe.Run([.. rows.Select(FirstClasses)], CancellationToken.None).Select(result => Scaled(result.Gradient))
            )
            .ConfigureAwait(false);
        var workload = Make(compatibility);
        context.WarmUp.Gradient(workload, FirstClasses, compatibility);
        return workload;

        GradientWorkload Make(BatchCompatibility rows) =>
            new($"{context.Name}/{options.FormName}", session, context.Limits, context.Layout, table, decoderTable, 1)
            {
                HeadWeights = HeadWeights(BigInteger.Zero),
                EqualLengths = rows != BatchCompatibility.Any,
                EosGrouping = eosGrouping,
                ReadsPairs = ReadsPairs,
            };
        GradientRow FirstClasses(TokenRow row) => new(ReadsPairs ? Paired(row) : row, new int[context.Layout.PositionsOf(row)]);
        static float[] Scaled(float[] gradient) =>
            gradient.Max(Math.Abs) is > 0 and var largest ? Array.ConvertAll(gradient, value => value / largest) : gradient;
    }

    /// <summary>With another text of its length: a text beside itself has a cosine that nothing changes.</summary>
    private TokenRow Paired(TokenRow row) =>
        new() { Ids = [.. row.Ids, .. context.Examples.Row(row.Ids[0] + 1, row.Ids.Length).Ids], PairStart = row.Ids.Length };

    /// <summary>What each head counts for in the mean over those of the mask; all are in an empty one.</summary>
    private float[] HeadWeights(BigInteger mask)
    {
        var heads = context.Report.Of(AttentionRole.Self) is [{ Heads: { } count }, ..] ? count : 1;
        var chosen = Enumerable.Range(0, heads).Where(head => mask.IsZero || !(mask >> head).IsEven).ToHashSet();
        return [.. Enumerable.Range(0, heads).Select(head => chosen.Contains(head) ? 1f / chosen.Count : 0f)];
    }
}
