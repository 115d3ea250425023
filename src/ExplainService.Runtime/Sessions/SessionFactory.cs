using ExplainService.Graph;
using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>Makes sessions that share one thread pool, one arena and, for the forms of one model, one copy of the weights.</summary>
internal sealed class SessionFactory
{
    // Weights are declared as external data, which ONNX Runtime insists lie in a file that exists; nothing is ever read from this one.
    private static readonly string PlaceholderFolder = Path.Combine(AppContext.BaseDirectory, "external");

    private const int MaxMessageLength = 400;

    /// <summary>A session's own share is its graph, its plan and the matrices packed for it; a measurement beyond it is somebody else's.</summary>
    private const int MaxGraphFactor = 16;

    /// <summary>
    /// ONNX Runtime's optimisers take time by the square of a graph's size. Measured, seconds of a core for the gradient forms of chains of
    /// 2,000, 4,000 and 8,000 operators (5,500, 11,000 and 22,000 with the way back): 1.8, 6.9 and 29.8 with them, 0.3, 1.0 and 1.5
    /// without. What is larger is run as it is.
    /// </summary>
    private const int MaxOptimisedNodes = 10_000;

    private static readonly Lazy<byte[]> OneNode = new(() =>
        Form.Of(
            "identity",
            new ModelGraph
            {
                Opsets = { [""] = 17 },
                Inputs = { new ValueInfo("x", ElementType.Float, [new Dim(1, null)]) },
                Nodes = { new Node("Identity", ["x"], ["y"]) },
                Outputs = { new ValueInfo("y", ElementType.Float, [new Dim(1, null)]) },
            }
        ).Model
    );

    private readonly RuntimeOptions options;
    private readonly TimeLimits limits;
    private readonly OrtEnv environment;

    /// <exception cref="ProviderNotAvailableException">No session could be made with these options.</exception>
    public SessionFactory(RuntimeOptions options, TimeLimits? limits = null)
    {
        (this.options, this.limits) = (options, limits ?? TimeLimits.None);
        environment = OrtEnvironment.Ensure(options);
        ExecutionProvider.Require(options, environment);
    }

    /// <summary>Makes a session.</summary>
    /// <param name="form">What it runs.</param>
    /// <param name="weights">The weights of the model's sessions.</param>
    /// <param name="stop">Ends the making, and every run.</param>
    /// <exception cref="ServiceBusyException">There is not enough memory for it now.</exception>
    /// <exception cref="ModelNotUsableException">
    /// ONNX Runtime refuses the graph (an operator it does not have, or wrong types), or has not built it in time.
    /// </exception>
    public FormSession Create(Form form, SharedWeights weights, CancellationToken stop = default)
    {
        using var late = new CancellationTokenSource(limits.Load, limits.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            weights.Count(form);
            var before = NativeHeap.InUse();

            // A device other than the processor needs the weights in its own memory; ONNX Runtime puts them there itself.
            var session = ExecutionProvider.IsCpu(options) ? CreateSharing(form, weights, ended.Token) : CreateWith(form, ended.Token);
            return new FormSession(form, session, limits, BytesOf(form, before), stop);
        }
        catch (OnnxRuntimeException) when (ended.IsCancellationRequested)
        {
            stop.ThrowIfCancellationRequested();
            throw new ModelNotUsableException(
                TimeLimits.Exceeded($"ONNX Runtime did not build the {form.Name} graph", limits.Load, "LoadSeconds")
            )
            {
                IsLate = true,
            };
        }
        catch (Exception error) when (MemoryShortage.Caused(error))
        {
            throw MemoryShortage.Refusal($"to make the {form.Name} form of the model");
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelNotUsableException(
                $"ONNX Runtime cannot load the {form.Name} graph: {error.Beginning(MaxMessageLength)}",
                error
            );
        }
    }

    /// <summary>Frees the blocks of the shared arena that hold nothing, which ONNX Runtime does at the end of a run that asks for it.</summary>
    public void ShrinkArena()
    {
        using var session = Options();
        using var identity = new InferenceSession(OneNode.Value, session);
        using var run = new RunOptions();
        run.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        using var inputs = new SessionInputs();
        inputs.Floats("x", 1);
        using var results = identity.Run(run, inputs.Values, ["y"]);
    }

    private static long BytesOf(Form form, long? before)
    {
        long graph = form.Model.Length;
        return before is { } then && NativeHeap.InUse() is { } now
            ? Math.Clamp(now - then, graph, (graph * MaxGraphFactor) + (2 * form.Weights.Values.Sum(weight => weight.ByteLength)))
            : graph;
    }

    private InferenceSession CreateSharing(Form form, SharedWeights weights, CancellationToken ended)
    {
        try
        {
            return CreateSharing(form, weights, fold: true, ended);
        }
        catch (OnnxRuntimeException error) when (!MemoryShortage.Caused(error) && !ended.IsCancellationRequested)
        {
            // Folding a large constant would read it from the file that is not there (the exception is all one can tell it by). The
            // graph compiler has folded what matters; a second try leaves the rest as it is.
            return CreateUnfolded(form, weights, ended);
        }
    }

    private InferenceSession CreateUnfolded(Form form, SharedWeights weights, CancellationToken ended)
    {
        try
        {
            return CreateSharing(form, weights, fold: false, ended);
        }
        catch (OnnxRuntimeException error) when (error.Message.Contains("GetExtDataFromTensorProto", StringComparison.Ordinal))
        {
            // Float16 on a processor: ONNX Runtime widens the weights itself, and reads them from the model to do so.
            return CreateWith(form, ended);
        }
    }

    private InferenceSession CreateSharing(Form form, SharedWeights weights, bool fold, CancellationToken ended)
    {
        using var session = Options(form.Nodes);
        session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", PlaceholderFolder);
        if (!fold)
        {
            session.AddSessionConfigEntry("optimization.disable_specified_optimizers", "ConstantFolding");
        }

        foreach (var (name, weight) in form.Weights)
        {
            session.AddInitializer(name, weights[weight]);
        }

        using var stop = StopWith(session, ended);
        return new InferenceSession(form.Model, session, weights.Packed);
    }

    private InferenceSession CreateWith(Form form, CancellationToken ended)
    {
        using var session = Options(form.Nodes);
        using var stop = StopWith(session, ended);
        return new InferenceSession(form.WithWeights(), session);
    }

    private static CancellationTokenRegistration StopWith(SessionOptions session, CancellationToken ended) =>
        ended.UnsafeRegister(static options => ((SessionOptions)options!).SetLoadCancellationFlag(true), session);

    private SessionOptions Options(int nodes = 1)
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel =
                nodes > MaxOptimisedNodes ? GraphOptimizationLevel.ORT_DISABLE_ALL : GraphOptimizationLevel.ORT_ENABLE_ALL,

            // ONNX Runtime keeps a plan of every shape it has ever been given, and batches have thousands. Over 4,000 random requests the
            // service was 34 MB smaller without; that is not all of what it grows by.
            EnableMemoryPattern = false,
        };
        session.AddSessionConfigEntry("session.use_env_allocators", "1");
        if (OrtEnvironment.HasSharedPool)
        {
            session.DisablePerSessionThreads();
        }
        else
        {
            session.IntraOpNumThreads = options.EffectiveThreads;
        }

        ExecutionProvider.Apply(options, session, environment);
        return session;
    }
}
