using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>A decoder that keeps what it has computed: the tokens' keys and values, or at least the encoder's states.</summary>
internal sealed class CachedForm
{
    private readonly FormContext context;
    private readonly ForwardForm forward;
    private readonly Once<CachedDecoder?> decoder;
    private readonly Once<StepWorkload?> steps;

    public CachedForm(FormContext context, ForwardForm forward)
    {
        (this.context, this.forward) = (context, forward);
        decoder = new Once<CachedDecoder?>(MakeAsync);
        steps = new Once<StepWorkload?>(async () =>
            await DecoderAsync().ConfigureAwait(false) is { } made ? new StepWorkload($"{context.Name}/step", made, context.Limits) : null
        );
    }

    /// <summary>What has been made, or is being made.</summary>
    public IEnumerable<Task> Made => decoder.Made.Concat(steps.Made);

    /// <summary>The decoder; null where the graph does not allow one.</summary>
    public Task<CachedDecoder?> DecoderAsync() => decoder.GetAsync();

    /// <summary>Steps of a generation; null where the graph does not allow a cache.</summary>
    public Task<StepWorkload?> StepsAsync() => steps.GetAsync();

    private async Task<CachedDecoder?> MakeAsync() =>
        await TryAsync(context.Compiler.Cached).ConfigureAwait(false)
        ?? (
            context.Config.Task == ModelTask.Text2textGeneration ? await TryAsync(context.Compiler.SourceOnce).ConfigureAwait(false) : null
        );

    private async Task<CachedDecoder?> TryAsync(Func<CacheForms> compile)
    {
        FormSession? start = null;
        FormSession? step = null;
        var agrees = false;
        try
        {
            var forms = compile();
            start = forms.Start is null ? null : context.Sessions.Open(forms.Start);
            step = context.Sessions.Open(forms.Step);
            var made = new CachedDecoder(forms, start, step, context.Layout, context.Limits.PadToken);
            agrees = CacheCheck.Agrees(made, (await forward.GetAsync().ConfigureAwait(false)).Workload, context.Limits);
            return agrees ? made : null;
        }
        catch (Exception error)
            when (error
                    is NotSupportedException
                        or ModelNotUsableException
                        or NotSupportedByModelException
                        or GraphFormatException
                        or OnnxRuntimeException
            )
        {
            // The model answers without: every row is computed whole.
            return null;
        }
        catch (GraphCompilerException fault)
        {
            context.Sessions.Report(fault);
            return null;
        }
        finally
        {
            foreach (var session in new[] { start, step }.OfType<FormSession>())
            {
                if (agrees)
                {
                    context.Sessions.Keep(session);
                }
                else
                {
                    session.Dispose();
                }
            }
        }
    }
}
