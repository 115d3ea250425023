namespace ExplainService.Methods.Inside;

/// <summary>
/// What raises neurons in many texts, which come one by one: the tokens at which they are strongest, the words at which their mean is highest, the
/// labels that they go with (Bau et al. 2017; Foote et al. 2023). Only the best tokens and the sums are kept.
/// </summary>
/// <param name="most">How many examples and words a meaning has at most.</param>
public sealed class MeaningSums(int most)
{
    /// <summary>A word that stands in the texts less often says nothing of a mean.</summary>
    private const int MinOccurrences = 5;

    /// <summary>The weakest example first; of equal ones the last.</summary>
    private static readonly Comparer<NeuronExample> Weakest = Comparer<NeuronExample>.Create(
        (one, other) =>
            Math.Abs(one.Activation).CompareTo(Math.Abs(other.Activation)) is not 0 and var order ? order
            : other.Text.CompareTo(one.Text) is not 0 and var later ? later
            : other.Start.CompareTo(one.Start)
    );

    private readonly Dictionary<string, WordSums> words = new(StringComparer.Ordinal);
    private NeuronSums[] neurons = [];
    private long occurrences;

    /// <summary>Whether there was no text.</summary>
    public bool IsEmpty => neurons.Length == 0;

    /// <summary>One more text.</summary>
    /// <param name="text">What it says of the neurons, which are the same for all texts.</param>
    public void Add(NeuronText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsEmpty)
        {
            neurons = [.. text.Neurons.Select(one => new NeuronSums(one.Layer, one.Neuron))];
        }

        foreach (var (place, neuron) in text.Neurons.Index())
        {
            foreach (var example in neuron.Examples)
            {
                neurons[place].Keep(example, most);
            }

            neurons[place].Sum += neuron.Words.Sum();
        }

        foreach (var (at, word) in text.Words.Index())
        {
            if (!words.TryGetValue(word, out var sums))
            {
                words[word] = sums = new WordSums(new double[neurons.Length]);
            }

            sums.Count++;
            occurrences++;
            for (var place = 0; place < neurons.Length; place++)
            {
                sums.Sums[place] += text.Neurons[place].Words[at];
            }
        }
    }

    /// <summary>The logits of one text's labels beside the largest activation of each neuron in it.</summary>
    public void Relate(IReadOnlyList<double> largest, IReadOnlyList<(string Label, int Index, double Logit)> labels)
    {
        ArgumentNullException.ThrowIfNull(largest);
        for (var place = 0; place < neurons.Length; place++)
        {
            neurons[place].Relate(largest[place], labels);
        }
    }

    /// <summary>What an example of a neuron must exceed to be kept.</summary>
    internal double LeastOf(int place) => neurons.Length == 0 ? double.NegativeInfinity : neurons[place].Least(most);

    /// <summary>The meanings, in the order of the neurons.</summary>
    public IReadOnlyList<NeuronMeaning> Answer() => [.. neurons.Select(Answer)];

    private NeuronMeaning Answer(NeuronSums sums, int place) =>
        new(
            sums.Layer,
            sums.Neuron,
            sums.Strongest(),
            [
                .. words
                    .Where(word => word.Value.Count >= MinOccurrences && word.Value.Count < occurrences)
                    .Select(word => new NeuronWord(
                        word.Key,
                        word.Value.Count,
                        word.Value.Sums[place] / word.Value.Count,
                        (sums.Sum - word.Value.Sums[place]) / (occurrences - word.Value.Count)
                    ))
                    .OrderByDescending(word => word.With - word.Without)
                    .ThenBy(word => word.Word, StringComparer.Ordinal)
                    .Take(most),
            ],
            sums.Labels()
        );

    private sealed record WordSums(double[] Sums)
    {
        public int Count { get; set; }
    }

    private sealed class NeuronSums(int layer, int neuron)
    {
        private readonly PriorityQueue<NeuronExample, NeuronExample> examples = new(Weakest);
        private readonly List<(string Label, int Index, RunningCorrelation Correlation)> labels = [];

        public int Layer => layer;

        public int Neuron => neuron;

        public double Sum { get; set; }

        public void Keep(NeuronExample example, int most)
        {
            if (examples.Count < most)
            {
                examples.Enqueue(example, example);
            }
            else if (examples.TryPeek(out _, out var weakest) && Weakest.Compare(example, weakest) > 0)
            {
                examples.EnqueueDequeue(example, example);
            }
        }

        public double Least(int most) =>
            examples.Count == most && examples.TryPeek(out _, out var weakest) ? Math.Abs(weakest.Activation) : double.NegativeInfinity;

        public void Relate(double largest, IReadOnlyList<(string Label, int Index, double Logit)> of)
        {
            foreach (var (label, index, logit) in of)
            {
                if (labels.FindIndex(known => known.Index == index) is var at && at < 0)
                {
                    at = labels.Count;
                    labels.Add((label, index, new RunningCorrelation()));
                }

                labels[at].Correlation.Add(largest, logit);
            }
        }

        public NeuronExample[] Strongest() =>
            [.. examples.UnorderedItems.Select(one => one.Element).OrderByDescending(one => one, Weakest)];

        public NeuronLabel[] Labels() =>
            [.. labels.OrderBy(label => label.Index).Select(label => new NeuronLabel(label.Label, label.Index, label.Correlation.Value))];
    }
}
