using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// Finds the longest row that the graph has positions for. Configurations leave the number out, name another model's, or count places that
/// are not for tokens (RoBERTa's table has two rows more). Only what makes the positions is run, never a layer.
/// </summary>
internal sealed class PositionProbe : IDisposable
{
    /// <summary>Two lengths tell which axis counts the tokens.</summary>
    private const int Short = 5;
    private const int Longer = 7;

    /// <summary>Longer ones are believed: making their positions would take memory that loading does not need.</summary>
    private const int MaxLength = 8192;

    private readonly SharedWeights weights = new();
    private readonly FormSession session;
    private readonly string[] outputs;
    private readonly Func<int, TokenRow> row;
    private readonly int pad;

    private PositionProbe(Form form, SessionFactory sessions, Func<int, TokenRow> row, int pad, CancellationToken stop)
    {
        (this.row, this.pad) = (row, pad);
        outputs = [.. form.Outputs.Select(output => output.Name)];
        session = sessions.Create(form, weights, stop);
    }

    /// <summary>The limits, and no longer rows than there are positions for.</summary>
    /// <param name="limits">What the configuration says.</param>
    /// <param name="form">What makes the positions; null where they were not found.</param>
    /// <param name="sessions">On the processor: other devices look up beyond a table's end without a word.</param>
    /// <param name="row">A row of that many tokens.</param>
    /// <param name="stop">Ends it.</param>
    public static ModelLimits Narrow(
        ModelLimits limits,
        Form? form,
        SessionFactory sessions,
        Func<int, TokenRow> row,
        CancellationToken stop = default
    )
    {
        if (form is null || limits.FixedLength is not null || limits.MaxTokens <= Longer)
        {
            return limits;
        }

        using var probe = new PositionProbe(form, sessions, row, limits.PadToken, stop);
        var longest = Math.Min(limits.MaxTokens, MaxLength);
        if (probe.Axes() is not { } axes || probe.Has(longest, axes))
        {
            return limits;
        }

        var (fits, fails) = (Longer, longest);
        while (fails - fits > 1)
        {
            var middle = (fits + fails) / 2;
            (fits, fails) = probe.Has(middle, axes) ? (middle, fails) : (fits, middle);
        }

        return limits with
        {
            MaxTokens = fits,
        };
    }

    public void Dispose()
    {
        session.Dispose();
        weights.Dispose();
    }

    /// <summary>Which axis of each output counts the tokens; -1 where none does. Null: the graph takes not even short rows.</summary>
    private int[]? Axes() =>
        Shapes(Short) is { } shorter && Shapes(Longer) is { } longer
            ?
            [
                .. shorter.Zip(
                    longer,
                    (small, large) =>
                        Enumerable
                            .Range(0, Math.Min(small.Length, large.Length))
                            .FirstOrDefault(axis => small[axis] == Short && large[axis] == Longer, -1)
                ),
            ]
            : null;

    /// <summary>A table that is too short fails, or yields fewer positions than there are tokens.</summary>
    private bool Has(int length, int[] axes) =>
        Shapes(length) is { } shapes && shapes.Zip(axes).All(pair => pair.Second < 0 || pair.First[pair.Second] == length);

    private long[][]? Shapes(int length)
    {
        var example = row(length);
        using var inputs = RowInputs.Of(session.Form, [example], BatchShape.Of([example]), pad, static _ => false);
        try
        {
            var values = session.Run(inputs, outputs, CancellationToken.None, out var lifetime);
            using (lifetime)
            {
                return [.. values.Select(value => value.GetTensorTypeAndShape().Shape)];
            }
        }
        catch (OnnxRuntimeException error) when (!MemoryShortage.Caused(error))
        {
            return null;
        }
    }
}
