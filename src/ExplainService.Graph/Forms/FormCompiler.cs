using ExplainService.Graph.Building;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Graph.Rewrites.Decompose;

namespace ExplainService.Graph.Forms;

/// <summary>
/// Makes the graphs that the service runs from a model's own: forward, attention, gradient. Works by what the graph computes, never by
/// the model's name. Forms share the weights of the graph they were made from.
/// </summary>
public sealed class FormCompiler
{
    private readonly ModelGraph forward;
    private readonly ModelGraph plain;
    private readonly DecomposedGraph? made;
    private readonly PatchLayout? patches;
    private readonly Lazy<GraphReport> found;
    private readonly Lazy<GraphReport> report;

    /// <summary>A compiler for one model.</summary>
    /// <param name="graph">The model's graph as it was read; edited (constants are folded).</param>
    /// <param name="pixels">The size of the pictures that it takes, where it does.</param>
    /// <remarks>Where its operators are fused or quantised, all but the forward form are made from the <see cref="DecomposedGraph"/>.</remarks>
    /// <exception cref="NotSupportedException">The graph takes pictures of another size.</exception>
    public FormCompiler(ModelGraph graph, PixelSize? pixels = null)
        : this(graph, pixels, null) { }

    /// <summary>A compiler for a graph that takes the places of a picture's sequence already.</summary>
    internal FormCompiler(ModelGraph graph, PatchLayout? patches)
        : this(graph, null, patches) { }

    private FormCompiler(ModelGraph graph, PixelSize? pixels, PatchLayout? patches)
    {
        // A model's own value of such a name would be taken for the form's.
        var isHalf = IsHalf(graph);
        RenameValues.Apply(
            graph,
            graph
                .AllNames()
                .Where(name =>
                    name.StartsWith(FormNames.Prefix, StringComparison.Ordinal)
                    && (patches is null || name != FormNames.Embeddings)
                    && !(isHalf && name is FormNames.Beside or FormNames.Side)
                )
                .Distinct()
                .ToDictionary(name => name, name => graph.Unique("model_" + name))
        );
        this.patches =
            pixels is not null && PatchInput.Takes(graph)
                ? GraphGuard.Run("finding its patches", () => PatchInput.Apply(graph, pixels))
                : patches;
        GraphCanonicalization.Apply(graph);
        forward = graph;
        made = GraphGuard.Run("decomposing its operators", () => DecomposedGraph.Of(graph));
        plain = made?.Graph ?? graph;
        if (made is not null)
        {
            GraphCanonicalization.Apply(plain);
        }

        found = new Lazy<GraphReport>(() => GraphGuard.Run("finding its patterns", () => GraphExamination.Of(plain, made, this.patches)));
        report = new Lazy<GraphReport>(() =>
            !SkipsTrial && Found.NoGradient is null && RefusedUse() is { } refused
                ? Found with
                {
                    NoGradient = refused,
                    NoVariant = new Dictionary<GradientVariant, string>(),
                }
                : Found
        );
    }

    /// <summary>Whether a graph is one half of a model of pictures and texts (<see cref="SplitTowers"/>).</summary>
    public static bool IsHalf(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Inputs.Exists(input => input.Name == FormNames.Beside) && graph.IsOutput(FormNames.Side);
    }

    /// <summary>Leave out what no output reads (<see cref="PushSlicesUp"/>): exact, so off only for comparison.</summary>
    public bool ComputeOnlyWhatIsRead { get; init; } = true;

    /// <summary>Do not differentiate the graph to see whether every rule allows it: one like it has been, or nobody will ask.</summary>
    public bool SkipsTrial { get; init; }

    /// <summary>What was found in the graph.</summary>
    public GraphReport Report => report.Value;

    /// <summary>What its patterns say: all of the report but whether every gradient rule allows the use that is made of its operator.</summary>
    public GraphReport Found => found.Value;

    /// <summary>What gradients and taps are made from; for others to copy.</summary>
    internal ModelGraph Plain => plain;

    /// <summary>ids → logits [batch, positions, classes]; where the output has positions, of those in <see cref="FormNames.OutputPositions"/>.</summary>
    public Form Forward() => Form.Of("forward", ForwardGraph());

    /// <summary>ids → what a tap takes out of the graph.</summary>
    /// <exception cref="NotSupportedException">The graph has no such values.</exception>
    public Form Tap(GraphTap tap) => Form.Of(tap.Name, TapGraph(tap));

    /// <summary>ids → what of their places is joined to the tokens' embeddings; null where nothing was found.</summary>
    public Form? Positions() =>
        GraphGuard.Run(
            "finding its position embeddings",
            () =>
            {
                var values = PositionValues.Find(plain, Found.Lookups);
                if (values.Count == 0)
                {
                    return null;
                }

                var graph = plain.Clone();
                var tape = new Tape(graph);
                graph.Outputs.Clear();
                for (var i = 0; i < values.Count; i++)
                {
                    tape.Output(tape[values[i]], FormattableString.Invariant($"positions.{i}"));
                }

                return Form.Of("positions", Finish(graph));
            }
        );

    /// <summary>Embeddings and targets → f, ∂f/∂embeddings and, on request, relevance.</summary>
    /// <exception cref="UnsupportedGradientException">An operator on the way has no gradient rule.</exception>
    public Form Gradient(GradientFormOptions options)
    {
        var (graph, frozen) = GradientParts(options);
        return Form.Of(options.FormName, graph, KnownSizes.Of(graph)) with { Frozen = frozen };
    }

    /// <summary>Prefix and suffix → logits of the suffix, with keys and values handed over between them.</summary>
    /// <exception cref="NotSupportedException">The graph is not understood.</exception>
    public CacheForms Cached() =>
        made is { Quantised: null, Widened: null } or null
            ? GraphGuard.Run("building its cached form", () => CacheCompiler.Compile(plain, Report))
            // The plain graph is another function, and its weights need not be made for the sake of being compared.
            : throw new NotSupportedException("A model in less than single precision is computed whole.");

    /// <summary>The encoder once, and the decoder with what it reads of it; nothing is kept of the decoder's tokens.</summary>
    /// <exception cref="NotSupportedException">Encoder and decoder cannot be told apart.</exception>
    public CacheForms SourceOnce() => GraphGuard.Run("separating its encoder", () => ShareEncoder.Compile(forward, Report));

    internal ModelGraph ForwardGraph() =>
        GraphGuard.Run(
            "building its forward form",
            () =>
            {
                var graph = forward.Clone();
                var tape = new Tape(graph);
                var logits = Readout.Logits(tape, Report);
                graph.Outputs.Clear();
                tape.Output(logits, FormNames.Logits);
                graph = Finish(graph);
                if (ComputeOnlyWhatIsRead)
                {
                    PushSlicesUp.Apply(graph);
                }

                return graph;
            }
        );

    /// <summary>The residual stream behind the last block → logits.</summary>
    /// <exception cref="NotSupportedException">No stream was found.</exception>
    public Form Lens() =>
        Form.Of(
            "lens",
            GraphGuard.Run(
                "building its lens form",
                () =>
                {
                    var last = HiddenStates.Blocks(Report)[^1].Output;
                    var graph = plain.Clone();
                    var tape = new Tape(graph);
                    var stream = tape.Input(FormNames.Stream, ElementType.Float, [.. tape.Shapes[last].Dims!]);
                    tape.Replace(last, _ => stream.Cast(tape.Shapes[last].Type));
                    var logits = Readout.Logits(tape, Report);
                    graph.Outputs.Clear();
                    tape.Output(logits, FormNames.Logits);
                    graph.Sort();
                    return Finish(graph);
                }
            )
        );

    /// <summary>ids and what is changed inside → logits, or what the intervention has come out.</summary>
    /// <exception cref="NotSupportedException">The graph has not what is to be changed.</exception>
    public Form Intervene(GraphIntervention intervention) =>
        Form.Of(
            intervention.Name,
            GraphGuard.Run(
                $"building its form {intervention.Name}",
                () =>
                {
                    var graph = plain.Clone();
                    var tape = new Tape(graph);
                    intervention.Emit(tape, Report);
                    var logits = intervention.Output is null ? Readout.Logits(tape, Report) : null;
                    graph.Outputs.Clear();
                    intervention.Output?.Emit(tape, Report);
                    if (logits is not null)
                    {
                        tape.Output(logits, FormNames.Logits);
                    }

                    // Readers stand before what they read now.
                    graph.Sort();
                    graph = Finish(graph);
                    if (ComputeOnlyWhatIsRead && logits is not null)
                    {
                        PushSlicesUp.Apply(graph);
                    }

                    return graph;
                }
            )
        );

    internal ModelGraph TapGraph(GraphTap tap) =>
        GraphGuard.Run(
            $"building its form {tap.Name}",
            () =>
            {
                var graph = (tap.IsOfModelItself ? forward : plain).Clone();
                graph.Outputs.Clear();
                tap.Emit(new Tape(graph), Found);
                return Finish(graph);
            }
        );

    internal ModelGraph GradientGraph(GradientFormOptions options) => GradientParts(options).Graph;

    /// <summary>
    /// What a rule says against the use of its operator (padding by reflection, rounding up), which only a walk back tells: the graph is
    /// differentiated once, and what comes of it is dropped. Null: nothing, or the walk breaks down for another reason, which whoever asks
    /// for the form is told.
    /// </summary>
    private string? RefusedUse()
    {
        try
        {
            GradientParts(new GradientFormOptions(FormObjective.Logit, FormLink.Softmax));
            return null;
        }
        catch (UnsupportedGradientException refused)
        {
            return refused.Message;
        }
        catch (Exception other) when (other is NotSupportedException or GraphFormatException or GraphCompilerException)
        {
            return null;
        }
    }

    private (ModelGraph Graph, FrozenParts? Frozen) GradientParts(GradientFormOptions options) =>
        GraphGuard.Run(
            "building its gradient form",
            () =>
            {
                var points = new GradientPoints(Found, options.Points);
                var (graph, embeddings) = Differentiable(options.Relevance, points.Values);
                var tape = new Tape(graph);
                var logits = tape[graph.Outputs[0].Name];
                var (score, slope) = options.Pairs ? CosineHead.Emit(logits) : Target(tape, logits, options);
                graph.Outputs.Clear();
                var maps = options.Relevance ? Found.Of(AttentionRole.Self) : [];
                var relevance =
                    options.Variant == GradientVariant.Plain ? null : new RelevanceRules(graph, tape.Shapes, embeddings, options.Variant);
                var gradients = Backward.Run(
                    tape,
                    logits.Name,
                    slope,
                    [.. embeddings, .. maps.Select(map => map.Output), .. points.Values],
                    (GradientRules?)relevance ?? PlainRules.Instance
                );
                tape.Output(score, FormNames.Score);
                tape.Output(logits, FormNames.Logits);
                foreach (var name in embeddings)
                {
                    var gradient = gradients.TryGetValue(name, out var found) ? found : tape[name] * 0;
                    tape.Output(gradient, name == FormNames.Embeddings ? FormNames.Gradient : FormNames.DecoderGradient);
                }

                if (maps.Count > 0)
                {
                    EmitRelevance(tape, maps, gradients);
                }

                points.Emit(tape, gradients);
                return (Finish(graph), relevance?.Frozen);
            }
        );

    /// <summary>
    /// Embeddings → logits, in the form that is cheapest to differentiate: what the logits do not read is left out before the walk back,
    /// which then leaves it out too. Maps that are asked for must stay whole.
    /// </summary>
    internal (ModelGraph Graph, List<string> Embeddings) Differentiable(bool wholeMaps, params IReadOnlyList<string> whole)
    {
        var graph = plain.Clone();
        var embeddings = EmbeddingInputs.Feed(graph, Found);
        var tape = new Tape(graph);
        var logits = Readout.Logits(tape, Found);
        graph.Outputs.Clear();
        tape.Output(logits, FormNames.Logits);
        IEnumerable<string> kept = wholeMaps ? [.. whole, .. Found.Of(AttentionRole.Self).Select(map => map.Output)] : whole;
        graph.Outputs.AddRange(
            kept.Where(name => name != FormNames.Embeddings).Select(name => new ValueInfo(name, tape[name].Type, tape[name].Info.Dims))
        );

        Finish(graph);
        FuseGelu.Apply(graph);
        if (ComputeOnlyWhatIsRead)
        {
            PushSlicesUp.Apply(graph);
        }
        else
        {
            ReadInputShapes.Apply(graph);
        }

        return (graph, embeddings);
    }

    private (Value Score, Value Gradient) Target(Tape tape, Value logits, GradientFormOptions options)
    {
        var targets = tape.Input(FormNames.Targets, ElementType.Int64, Dim.Of("batch"), Dim.Of("lines"));
        var against = options.Contrast ? tape.Input(FormNames.Against, ElementType.Int64, Dim.Of("batch"), Dim.Of("lines")) : null;
        return ScoreHead.Emit(logits, targets, Readout.ColumnMask(tape, Found), options, against);
    }

    /// <summary>Σ_h w_h (∂f/∂A_h ⊙ A_h)⁺, reduced here so that heads × n² numbers do not leave the graph.</summary>
    private static void EmitRelevance(Tape tape, IReadOnlyList<AttentionMap> maps, IReadOnlyDictionary<string, Value> gradients)
    {
        var weights = tape.Input(FormNames.HeadWeights, ElementType.Float, Dim.Of("heads")).Reshape(1, -1, 1, 1);
        for (var layer = 0; layer < maps.Count; layer++)
        {
            var map = tape[maps[layer].Output];
            var positive = gradients.TryGetValue(map.Name, out var gradient) ? tape.Emit("Relu", map * gradient) : map * 0;
            tape.Output((maps[layer].Arrange(positive) * weights).ReduceSum([1], keepdims: false), FormNames.Relevance(layer));
        }
    }

    private static ModelGraph Finish(ModelGraph graph)
    {
        graph.RemoveDead();
        var read = graph.Nodes.SelectMany(node => node.Reads).Concat(graph.Outputs.Select(output => output.Name)).ToHashSet();
        graph.Inputs.RemoveAll(input => !read.Contains(input.Name));
        graph.Sort();
        return graph;
    }
}
