using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Execution;

/// <summary>Rows of tokens that bring something of their own for the inside of the model, by a form with inputs for it.</summary>
/// <param name="form">The form and what its rows have in common.</param>
/// <param name="budget">Padded tokens of a full batch.</param>
/// <param name="throughput">Measured cost, where it is known.</param>
internal abstract class InsideWorkload<TRow, TResult>(InsideForm form, int budget, Throughput? throughput = null)
    : Workload<TRow, TResult>(form.Name, budget, shares: false, throughput)
    where TRow : class
    where TResult : class
{
    private readonly string[] outputs = [.. form.Session.Form.Outputs.Select(output => output.Name)];

    /// <summary>The form and what its rows have in common.</summary>
    protected InsideForm Form => form;

    /// <summary>A row's tokens.</summary>
    protected abstract TokenRow TokensOf(TRow row);

    /// <summary>Fills an input of the form that no tokens decide.</summary>
    protected abstract void Fill(SessionInputs inputs, FormValue input, IReadOnlyList<TRow> rows, int tokens);

    /// <summary>A row's part of what came out.</summary>
    protected abstract TResult ResultOf(TRow row, int number, IReadOnlyList<OrtValue> values);

    protected override RowSize Measure(TRow row)
    {
        form.Limits.Check(TokensOf(row));
        return BatchShape.SizeOf(TokensOf(row), form.Limits);
    }

    protected override object? CompanyOf(TRow row) => TokensOf(row).Other;

    public sealed override IReadOnlyList<TResult> Run(IReadOnlyList<TRow> rows, CancellationToken cancellationToken) =>
        form.EosGrouping is null
            ? RunTogether(rows, cancellationToken)
            : form.EosGrouping.Run(rows, row => TokensOf(row).Ids, alike => RunTogether(alike, cancellationToken));

    private TResult[] RunTogether(IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        TokenRow[] tokens = [.. rows.Select(TokensOf)];
        var size = BatchShape.Of(tokens, form.Limits);
        using var inputs = RowInputs.Of(form.Session.Form, tokens, size, form.Limits.PadToken, IsOwn);
        foreach (var input in form.Session.Form.Inputs.Where(input => IsOwn(input.Name)))
        {
            Fill(inputs, input, rows, size.Source);
        }

        var values = form.Session.Run(inputs, outputs, cancellationToken, out var lifetime);
        using (lifetime)
        {
            return [.. rows.Select((row, number) => ResultOf(row, number, values))];
        }
    }

    /// <summary>Fills an input [rows, layers, width] with ones, and with zeros where something is off.</summary>
    protected static void FillKept(Span<float> kept, IReadOnlyList<AblatedRow> rows, int layers, int width)
    {
        kept.Fill(1);
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (var part in rows[row].Off)
            {
                kept[(((row * layers) + part.Layer) * width) + part.Index] = 0;
            }
        }
    }

    private static bool IsOwn(string input) => input is FormNames.Kept or FormNames.Means or FormNames.Chosen or FormNames.Stream;
}

/// <summary>A form that reads more than tokens.</summary>
/// <param name="Name">For logs: model and form.</param>
/// <param name="Session">The form.</param>
/// <param name="Limits">What rows may hold.</param>
/// <param name="Layout">Which part of a batch's logits belongs to a row.</param>
/// <param name="EosGrouping">Keeps rows apart that a classifier would confuse; null where it does not.</param>
internal sealed record InsideForm(string Name, FormSession Session, ModelLimits Limits, LogitsLayout Layout, EosCountGrouping? EosGrouping);
