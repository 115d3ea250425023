using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Onnx;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;
using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime.Execution;

/// <summary>A folder's files to forms that are warm.</summary>
internal sealed class ModelLoader(
    SessionFactory sessions,
    RuntimeOptions options,
    DeviceGate device,
    TimeLimits limits,
    IModelObserver? observer = null
)
{
    private readonly SessionFactory processor = ExecutionProvider.IsCpu(options)
        ? sessions
        : new SessionFactory(options with { Provider = new RuntimeOptions().Provider }, limits);

    /// <summary>How long a load may take.</summary>
    public TimeLimits TimeLimits => limits;

    /// <summary>Gives back what models leave behind.</summary>
    public UnusedMemory Unused => field ??= new UnusedMemory(processor);

    /// <summary>Reads and compiles a model, and runs its forward form.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="stop">Ends what runs of it, now and later; the forms', once there are any.</param>
    /// <exception cref="ModelNotUsableException">The folder cannot be served; the message says why.</exception>
    public async Task<(ModelForms Forms, ModelDescription Description)> LoadAsync(ModelFolder folder, CancellationTokenSource stop)
    {
        try
        {
            var config = ModelConfig.Read(folder.Path);
            var graph = ReadGraph(folder);
            var own = new FormSessions(folder.Name, sessions, observer, stop);
            if (SplitTowers.Applies(graph))
            {
                return await LoadTowersAsync(folder, config, SplitTowers.Apply(graph), own, stop.Token).ConfigureAwait(false);
            }

            var forms = new ModelForms(Context(folder, config, graph, own, null, stop.Token));
            return (forms, await DescribeAsync(folder, forms).ConfigureAwait(false));
        }
        catch (Exception error)
            when (error
                    is GraphFormatException
                        or IOException
                        or UnauthorizedAccessException
                        or NotSupportedException
                        or NotSupportedByModelException
            )
        {
            throw new ModelNotUsableException(error.Message, error);
        }
    }

    /// <summary>A model of pictures and texts: two models, each with what the other gives for an input.</summary>
    private async Task<(ModelForms Forms, ModelDescription Description)> LoadTowersAsync(
        ModelFolder folder,
        ModelConfig config,
        Towers towers,
        FormSessions own,
        CancellationToken stop
    )
    {
        var texts = new ModelForms(
            Context(folder, ModelConfig.ReadTexts(folder.Path), towers.Texts, own.Apart(), towers.Size, stop) with
            {
                Name = folder.Name + "/texts",
            }
        );
        var ofTexts = ModelDescriber.AsTexts(await DescribeAsync(folder, texts).ConfigureAwait(false));
        ModelForms forms;
        try
        {
            forms = new ModelForms(Context(folder, config, towers.Pictures, own, towers.Size, stop)) { Texts = texts };
        }
        catch
        {
            await texts.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return (forms, await DescribeAsync(folder, forms).ConfigureAwait(false) with { Texts = ofTexts });
    }

    /// <summary>What the forms of a graph are made with.</summary>
    private FormContext Context(
        ModelFolder folder,
        ModelConfig config,
        ModelGraph graph,
        FormSessions own,
        int? besideSize,
        CancellationToken stop
    )
    {
        var compiler = Compiler(graph, PictureSize.Read(folder.Path, graph));
        var sizes = ModelLimits.Of(config, graph, compiler.Found) with { BesideSize = besideSize };
        config = config with { Task = ModelDescriber.TaskOf(config, graph, compiler.Found) };
        if (config.Task == ModelTask.FeatureExtraction)
        {
            config = config with { Pooling = config.Pooling.For(graph, compiler.Found) };
            compiler = config.Pooling.Apply(graph, compiler.Found) ? Compiler(graph) : compiler;
        }

        var examples = new ExampleRows(sizes, config, LogitsLayout.For(compiler.Found));
        sizes = PositionProbe.Narrow(sizes, compiler.Positions(), processor, length => examples.Row(0, length), stop);
        return new FormContext(folder.Name, compiler, sizes, config, own, options, device, limits.Time);
    }

    private FormCompiler Compiler(ModelGraph graph, PixelSize? pixels = null) =>
        new(graph, pixels)
        {
            ComputeOnlyWhatIsRead = options.ComputeOnlyWhatIsRead,
            // What is inside the half that reads texts is not explained.
            SkipsTrial = pixels is null && FormCompiler.IsHalf(graph),
        };

    /// <summary>Reads the tokenizer of a model.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="limits">What its rows may hold.</param>
    /// <exception cref="ModelNotUsableException">
    /// It is damaged, uses a component that is not supported, or belongs to another model.
    /// </exception>
    public static Tokenizer LoadTokenizer(ModelFolder folder, ModelLimits limits)
    {
        try
        {
            folder.RequirePlainSettings();
            var tokenizer = Tokenizer.Load(folder.Path);
            return tokenizer.VocabularySize <= limits.Vocabulary
                ? tokenizer
                : throw new ModelNotUsableException(
                    $"The tokenizer has {tokenizer.VocabularySize} tokens, but the graph's word embeddings have {limits.Vocabulary} rows: they do not belong together."
                );
        }
        catch (Exception error) when (ModelFaults.IsFault(error))
        {
            throw new ModelNotUsableException("This service could not read the model's tokenizer.", error) { Fault = error };
        }
        catch (Exception error) when (error is not ModelNotUsableException)
        {
            throw new ModelNotUsableException($"The tokenizer cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The one graph of a model: encoder and decoder joined, without the inputs of a cache.</summary>
    private static ModelGraph ReadGraph(ModelFolder folder)
    {
        var graph = Plain(folder.Model);
        if (folder.Decoder is null)
        {
            return graph;
        }

        return JoinEncoderDecoder.Apply(graph, Plain(folder.Decoder));

        static ModelGraph Plain(string path)
        {
            var part = OnnxFile.Load(path);
            RemoveKvCache.Apply(part);
            return part;
        }
    }

    private static async Task<ModelDescription> DescribeAsync(ModelFolder folder, ModelForms forms)
    {
        try
        {
            int? classes =
                forms.Config.Task == ModelTask.FeatureExtraction ? null : (await forms.PredictAsync().ConfigureAwait(false)).Classes;
            return ModelDescriber.Describe(folder.Name, forms.Config, forms.Limits, forms.Report, classes);
        }
        catch
        {
            await forms.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
