using System.Runtime.CompilerServices;
using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>
/// A model of which one request asks much about the same text, by several methods: what it has said of a row is remembered for the rest of
/// the request, so that each changed text is scored once whoever asks. The oldest is forgotten where there would be too much to keep.
/// </summary>
/// <param name="model">The model.</param>
internal sealed class RememberingModel(ILoadedModel model) : ModelDecorator(model)
{
    /// <summary>Numbers that are kept at most: 64 MB.</summary>
    private const long MaxNumbers = 16_000_000;

    /// <summary>Rows that are kept at most, with their tokens.</summary>
    private const int MaxRows = 50_000;

    private readonly Dictionary<(ModelRow Row, Precision Precision), Logits> known = [];
    private readonly Queue<(ModelRow Row, Precision Precision)> order = new();
    private readonly Dictionary<(TokenRow Prompt, int Most), IReadOnlyList<int>> generations = [];
    private long numbers;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Logits> PredictAsync(
        IEnumerable<ModelRow> rows,
        WorkOptions work,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var asked = new Queue<Place>();
        var running = new Queue<Place>();
        var own = new Dictionary<ModelRow, Place>();
        var unknown = Unknown(rows, work.Precision, asked, running, own);
        await foreach (var logits in Inner.PredictAsync(unknown, work, cancellationToken).ConfigureAwait(false))
        {
            var first = running.Dequeue();
            first.Logits = logits;
            own.Remove(first.Row);
            Remember((first.Row, work.Precision), logits);
            while (asked.TryPeek(out var next) && next.Logits is { } there)
            {
                asked.Dequeue();
                yield return there;
            }
        }

        while (asked.TryDequeue(out var rest))
        {
            yield return rest.Logits!;
        }
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<int>> GenerateAsync(
        TokenRow prompt,
        int maxNewTokens,
        WorkOptions work,
        CancellationToken cancellationToken
    )
    {
        if (!generations.TryGetValue((prompt, maxNewTokens), out var tokens))
        {
            tokens = await Inner.GenerateAsync(prompt, maxNewTokens, work, cancellationToken).ConfigureAwait(false);
            generations[(prompt, maxNewTokens)] = tokens;
        }

        return tokens;
    }

    /// <summary>The rows that are to be computed, each once, as they are pulled.</summary>
    private IEnumerable<ModelRow> Unknown(
        IEnumerable<ModelRow> rows,
        Precision precision,
        Queue<Place> asked,
        Queue<Place> running,
        Dictionary<ModelRow, Place> own
    )
    {
        foreach (var row in rows)
        {
            if (known.TryGetValue((row, precision), out var logits))
            {
                asked.Enqueue(new Place(row) { Logits = logits });
            }
            else if (own.TryGetValue(row, out var same))
            {
                asked.Enqueue(same);
            }
            else
            {
                var place = new Place(row);
                own[row] = place;
                asked.Enqueue(place);
                running.Enqueue(place);
                yield return row;
            }
        }
    }

    private void Remember((ModelRow Row, Precision Precision) key, Logits logits)
    {
        if (!known.TryAdd(key, logits))
        {
            return;
        }

        order.Enqueue(key);
        numbers += logits.Values.Length;
        while (order.Count > 1 && (numbers > MaxNumbers || order.Count > MaxRows))
        {
            var oldest = order.Dequeue();
            numbers -= known[oldest].Values.Length;
            known.Remove(oldest);
        }
    }

    private sealed class Place(ModelRow row)
    {
        public ModelRow Row => row;

        public Logits? Logits { get; set; }
    }
}
