using ExplainService.Jobs.Inputs;

namespace ExplainService.Jobs.Surrogates;

/// <summary>Texts as counts of words and of pairs of neighbours, weighted by tf-idf: tf · (ln((1 + n)/(1 + df)) + 1), rows of length 1.</summary>
internal sealed class BagOfWords
{
    private const int MostFeatures = 20_000;
    private const int LeastDocuments = 2;

    private readonly Dictionary<string, int> index;
    private readonly double[] idf;

    /// <summary>The features of some texts that at least two of them hold; of too many, those that most hold.</summary>
    public BagOfWords(IReadOnlyList<string> texts)
    {
        var documents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var feature in Features(text).Distinct(StringComparer.Ordinal))
            {
                documents[feature] = documents.GetValueOrDefault(feature) + 1;
            }
        }

        var chosen = documents
            .Where(feature => feature.Value >= LeastDocuments)
            .OrderByDescending(feature => feature.Value)
            .ThenBy(feature => feature.Key, StringComparer.Ordinal)
            .Take(MostFeatures)
            .ToArray();
        Names = [.. chosen.Select(feature => feature.Key)];
        idf = [.. chosen.Select(feature => Math.Log((1.0 + texts.Count) / (1 + feature.Value)) + 1)];
        index = Names.Select((name, at) => (name, at)).ToDictionary(one => one.name, one => one.at, StringComparer.Ordinal);
    }

    /// <summary>The features, by index.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The weight of a feature's rarity.</summary>
    public double Idf(int feature) => idf[feature];

    /// <summary>A text: its features by index, in order, with their weights.</summary>
    public (int[] Features, double[] Weights) Read(string text)
    {
        var counts = new SortedDictionary<int, double>();
        foreach (var feature in Features(text))
        {
            if (index.TryGetValue(feature, out var at))
            {
                counts[at] = counts.GetValueOrDefault(at) + idf[at];
            }
        }

        var length = Math.Sqrt(counts.Values.Sum(weight => weight * weight));
        return ([.. counts.Keys], [.. counts.Values.Select(weight => weight / length)]);
    }

    private static IEnumerable<string> Features(string text)
    {
        string? before = null;
        foreach (var span in TextFeatures.Words(text))
        {
            var word = TextFeatures.Name(text, span);
            yield return word;
            if (before is not null)
            {
                yield return before + " " + word;
            }

            before = word;
        }
    }
}
