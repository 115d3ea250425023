using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Patterns;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>
/// Lays rows out as the inputs that a graph asks for, padded to the longest. Inputs are told by the names that exporters give them;
/// one that has no such name is refused, as a guess would give wrong numbers.
/// </summary>
internal static class RowInputs
{
    private static readonly int[] None = [];

    /// <summary>Fills every input that the rows' tokens decide.</summary>
    /// <param name="form">The graph.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="size">The longest lengths among them.</param>
    /// <param name="pad">The token that fills shorter rows up.</param>
    /// <param name="skip">An input that the caller fills.</param>
    public static SessionInputs Of(
        Form form,
        IReadOnlyList<TokenRow> rows,
        (int Source, int Target, int Positions) size,
        int pad,
        Func<string, bool> skip
    )
    {
        var inputs = new SessionInputs();
        try
        {
            foreach (var input in form.Inputs)
            {
                if (!skip(input.Name))
                {
                    Fill(inputs, input, rows, size, pad);
                }
            }

            return inputs;
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    private static void Fill(
        SessionInputs inputs,
        FormValue input,
        IReadOnlyList<TokenRow> rows,
        (int Source, int Target, int Positions) size,
        int pad
    )
    {
        var decoder = input.Name.StartsWith("decoder", StringComparison.Ordinal);
        var columns = decoder ? size.Target : size.Source;
        int[] Tokens(int row) => decoder ? rows[row].DecoderIds : rows[row].Ids;

        if (input.Name == FormNames.Embeddings)
        {
            FillPictures(inputs, rows);
        }
        else if (input.Name == FormNames.Beside && rows[0].Other is { } other)
        {
            other.Numbers.CopyTo(inputs.Floats(input.Name, other.Count, other.Size));
        }
        else if (input.Name == FormNames.OutputPositions)
        {
            inputs.Integers(input, rows.Count, size.Positions, row => rows[row].OutputPositions);
        }
        else if (input.Name.EndsWith("attention_mask", StringComparison.Ordinal))
        {
            inputs.Integers(input, rows.Count, columns, row => Ones(Tokens(row).Length));
        }
        else if (InputNames.IsSegmentIds(input.Name))
        {
            inputs.Integers(input, rows.Count, columns, row => decoder ? None : rows[row].TypeIds);
        }
        else if (input.Name.EndsWith("position_ids", StringComparison.Ordinal))
        {
            inputs.Integers(input, rows.Count, columns, _ => Counting(columns));
        }
        else if (EmbeddingLookup.IsTokenIds(input.Name))
        {
            inputs.Integers(input, rows.Count, columns, row => Tokens(row), pad);
        }
        else
        {
            throw new NotSupportedByModelException($"The graph's input '{input.Name}' is not an input this service knows.");
        }
    }

    private static void FillPictures(SessionInputs inputs, IReadOnlyList<TokenRow> rows)
    {
        var shape = rows[0].Picture!.Shape;
        var length = shape.Sequence * shape.TokenSize;
        var numbers = inputs.Floats(FormNames.Embeddings, rows.Count, shape.Sequence, shape.TokenSize);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Picture!.Fill(rows[i].Ids, numbers.Slice(i * length, length));
        }
    }

    private static int[] Ones(int count)
    {
        var ones = new int[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static int[] Counting(int count) => [.. Enumerable.Range(0, count)];
}
