using ExplainService.Graph.Forms;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Runtime.Sessions;

namespace ExplainService.Runtime.Execution;

/// <summary>Points to f and its derivatives by a gradient form.</summary>
internal sealed class GradientWorkload(
    string name,
    FormSession session,
    ModelLimits limits,
    LogitsLayout layout,
    EmbeddingTable? table,
    EmbeddingTable? decoderTable,
    int tokenBudget,
    Throughput? throughput = null
) : Workload<GradientRow, GradientResult>(name, tokenBudget, shares: false, throughput)
{
    private readonly string[] outputs = [.. session.Form.Outputs.Select(output => output.Name)];
    private readonly FrozenCounts? frozen = GraphTerms.FrozenOf(session.Form.Frozen);
    private readonly int tokenSize = limits.Picture?.TokenSize ?? table?.Size ?? 0;
    private readonly int relevanceLayers = Count(session.Form, FormNames.Relevance);

    /// <summary>What each head counts for in the mean over them.</summary>
    public required float[] HeadWeights { get; init; }

    /// <summary>Every row holds two texts, whose embeddings are compared.</summary>
    public bool ReadsPairs { get; init; }

    /// <summary>Keeps rows apart that a classifier would confuse; null where it does not.</summary>
    public EosCountGrouping? EosGrouping { get; init; }

    /// <summary>
    /// The same for other heads, by what is measured already. Its rows share no batch with others': the form takes one set of heads a run.
    /// </summary>
    public GradientWorkload ForHeads(float[] weights) =>
        new(Name, session, limits, layout, table, decoderTable, TokenBudget, Throughput)
        {
            HeadWeights = weights,
            EqualLengths = EqualLengths,
            EosGrouping = EosGrouping,
            ReadsPairs = ReadsPairs,
        };

    protected override RowSize Measure(GradientRow row)
    {
        limits.Check(row.Row);
        layout.Check(row.Row);
        if (row.Targets.Length != layout.PositionsOf(row.Row))
        {
            throw new ArgumentException(
                $"A row of {layout.PositionsOf(row.Row)} output positions needs as many targets, not {row.Targets.Length}.",
                nameof(row)
            );
        }

        if (ReadsPairs && EqualLengths && row.Row.PairStart * 2 != row.Row.Ids.Length)
        {
            throw new NotSupportedByModelException(
                "The numbers of this model change with padding, so that two texts are compared inside it only where they have as many tokens."
            );
        }

        CheckEmbeddings(row.Embeddings, LengthOf(row.Row) * tokenSize);
        CheckEmbeddings(row.DecoderEmbeddings, row.Row.DecoderIds.Length * (decoderTable?.Size ?? 0));
        return BatchShape.SizeOf(row.Row, limits);
    }

    protected override object? CompanyOf(GradientRow row) => row.Row.Other;

    public override IReadOnlyList<GradientResult> Run(IReadOnlyList<GradientRow> points, CancellationToken cancellationToken) =>
        EosGrouping is null
            ? RunTogether(points, cancellationToken)
            : EosGrouping.Run(points, static point => point.Row.Ids, alike => RunTogether(alike, cancellationToken));

    private GradientResult[] RunTogether(IReadOnlyList<GradientRow> points, CancellationToken cancellationToken)
    {
        if (!ReadsPairs)
        {
            return RunLines(points, cancellationToken);
        }

        var halves = RunLines([.. points.SelectMany(point => PairLines.Of(point, tokenSize))], cancellationToken);
        return [.. points.Select((_, i) => PairLines.Join(halves[2 * i], halves[(2 * i) + 1]))];
    }

    private GradientResult[] RunLines(IReadOnlyList<GradientRow> points, CancellationToken cancellationToken)
    {
        TokenRow[] rows = [.. points.Select(point => point.Row)];
        var size = BatchShape.Of(rows, limits);
        using var inputs = RowInputs.Of(session.Form, rows, size, limits.PadToken, IsOwn);
        foreach (var input in session.Form.Inputs.Where(input => IsOwn(input.Name)))
        {
            Fill(inputs, input, points, size);
        }

        // Of a large vocabulary they are more than all else: nobody copies them for nothing.
        string[] wanted = [.. outputs.Where(name => name != FormNames.Logits || points.Any(point => point.WantsLogits))];
        var values = session.Run(inputs, wanted, cancellationToken, out var lifetime);
        using (lifetime)
        {
            var byName = wanted.Zip(values).ToDictionary();
            var results = new GradientResult[rows.Length];
            for (var i = 0; i < results.Length; i++)
            {
                var length = LengthOf(rows[i]);
                results[i] = new GradientResult(
                    byName[FormNames.Score].GetTensorDataAsSpan<float>()[ReadsPairs ? i / 2 : i],
                    byName.TryGetValue(FormNames.Gradient, out var gradient) ? PaddedTensor.Matrix(gradient, i, length, tokenSize) : [],
                    byName.TryGetValue(FormNames.DecoderGradient, out var decoder)
                        ? PaddedTensor.Matrix(decoder, i, rows[i].DecoderIds.Length, decoderTable!.Size)
                        : [],
                    relevanceLayers == 0
                        ? null
                        : Layers(relevanceLayers, layer => PaddedTensor.Matrix(byName[FormNames.Relevance(layer)], i, length, length))
                )
                {
                    Frozen = frozen,
                    Inside = InsideValues.Of(byName, i, length),
                    Logits = points[i].WantsLogits ? layout.Of(rows[i], byName[FormNames.Logits], i) : null,
                };
            }

            return results;
        }
    }

    private void Fill(
        SessionInputs inputs,
        FormValue input,
        IReadOnlyList<GradientRow> points,
        (int Source, int Target, int Positions) size
    )
    {
        switch (input.Name)
        {
            case FormNames.Embeddings:
                FillEmbeddings(
                    inputs,
                    input.Name,
                    points.Count,
                    size.Source,
                    tokenSize,
                    (row, line) => Embed(points[row].Row, points[row].Embeddings, line)
                );
                break;
            case FormNames.DecoderEmbeddings:
                FillEmbeddings(
                    inputs,
                    input.Name,
                    points.Count,
                    size.Target,
                    decoderTable!.Size,
                    (row, line) => Embed(points[row].Row.DecoderIds, points[row].DecoderEmbeddings, decoderTable, line)
                );
                break;
            case FormNames.Targets:
                // Lines that only pad a row's reads have no target: −1.
                var lines = points.Max(point => point.Targets.Length);
                inputs.Integers(input, points.Count, lines, row => Padded(points[row].Targets, lines));
                break;
            case FormNames.Against:
                var wide = points.Max(point => point.Targets.Length);
                inputs.Integers(input, points.Count, wide, row => Padded(points[row].Against ?? [], wide));
                break;
            default:
                HeadWeights.CopyTo(inputs.Floats(input.Name, HeadWeights.Length));
                break;
        }
    }

    private static int[] Padded(int[] targets, int lines)
    {
        var padded = new int[lines];
        Array.Fill(padded, -1);
        targets.CopyTo(padded, 0);
        return padded;
    }

    private static void FillEmbeddings(SessionInputs inputs, string name, int rows, int length, int size, Action<int, Span<float>> fill)
    {
        var target = inputs.Floats(name, rows, length, size);
        for (var i = 0; i < rows; i++)
        {
            fill(i, target.Slice(i * length * size, length * size));
        }
    }

    private void Embed(TokenRow row, float[]? values, Span<float> line)
    {
        if (row.Picture is { } picture && values is null)
        {
            picture.Fill(row.Ids, line);
        }
        else
        {
            Embed(row.Ids, values, table, line);
        }
    }

    private static void Embed(int[] ids, float[]? values, EmbeddingTable? table, Span<float> line)
    {
        if (values is null)
        {
            table!.Lookup(ids, line);
        }
        else
        {
            values.CopyTo(line);
        }
    }

    private static int LengthOf(TokenRow row) => row.Length - row.DecoderIds.Length;

    private static bool IsOwn(string input) =>
        input is FormNames.Embeddings or FormNames.DecoderEmbeddings or FormNames.Targets or FormNames.Against or FormNames.HeadWeights;

    private static int Count(Form form, Func<int, string> nameOf)
    {
        var names = form.Outputs.Select(output => output.Name).ToHashSet();
        var count = 0;
        while (names.Contains(nameOf(count)))
        {
            count++;
        }

        return count;
    }

    private static float[][] Layers(int count, Func<int, float[]> layer) => [.. Enumerable.Range(0, count).Select(layer)];

    private static void CheckEmbeddings(float[]? values, int expected)
    {
        if (values is not null && values.Length != expected)
        {
            throw new ArgumentException($"The row needs {expected} numbers of embeddings and has {values.Length}.", nameof(values));
        }
    }
}
