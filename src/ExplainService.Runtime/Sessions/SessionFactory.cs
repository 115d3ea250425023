using ExplainService.Graph.Forms;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>Makes sessions that share one thread pool, one arena and, for the forms of one model, one copy of the weights.</summary>
internal sealed class SessionFactory
{
    // Weights are declared as external data, which ONNX Runtime insists lie in a file that exists; nothing is ever read from this one.
    private static readonly string PlaceholderFolder = Path.Combine(AppContext.BaseDirectory, "external");

    private const int MaxMessageLength = 400;

    private readonly RuntimeOptions options;
    private readonly OrtEnv environment;

    /// <exception cref="ProviderNotAvailableException">No session could be made with these options.</exception>
    public SessionFactory(RuntimeOptions options)
    {
        this.options = options;
        environment = OrtEnvironment.Ensure(options);
        ExecutionProvider.Require(options, environment);
    }

    /// <exception cref="ServiceBusyException">There is not enough memory for it now.</exception>
    /// <exception cref="ModelNotUsableException">ONNX Runtime refuses the graph: an operator it does not have, or wrong types.</exception>
    public FormSession Create(Form form, SharedWeights weights)
    {
        try
        {
            // A device other than the processor needs the weights in its own memory; ONNX Runtime puts them there itself.
            return ExecutionProvider.IsCpu(options) ? CreateSharing(form, weights) : CreateWith(form, form.WithWeights());
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

    private FormSession CreateSharing(Form form, SharedWeights weights)
    {
        try
        {
            return CreateSharing(form, weights, fold: true);
        }
        catch (OnnxRuntimeException error) when (!MemoryShortage.Caused(error))
        {
            // Folding a large constant would read it from the file that is not there (the exception is all one can tell it by). The
            // graph compiler has folded what matters; a second try leaves the rest as it is.
            return CreateUnfolded(form, weights);
        }
    }

    private FormSession CreateUnfolded(Form form, SharedWeights weights)
    {
        try
        {
            return CreateSharing(form, weights, fold: false);
        }
        catch (OnnxRuntimeException error) when (error.Message.Contains("GetExtDataFromTensorProto", StringComparison.Ordinal))
        {
            // Float16 on a processor: ONNX Runtime widens the weights itself, and reads them from the model to do so.
            return CreateWith(form, form.WithWeights());
        }
    }

    private FormSession CreateSharing(Form form, SharedWeights weights, bool fold)
    {
        using var session = Options();
        session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", PlaceholderFolder);
        if (!fold)
        {
            session.AddSessionConfigEntry("optimization.disable_specified_optimizers", "ConstantFolding");
        }

        foreach (var (name, weight) in form.Weights)
        {
            session.AddInitializer(name, weights[weight]);
        }

        return new FormSession(form, new InferenceSession(form.Model, session, weights.Packed));
    }

    private FormSession CreateWith(Form form, byte[] model)
    {
        using var session = Options();
        return new FormSession(form, new InferenceSession(model, session));
    }

    private SessionOptions Options()
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,

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
