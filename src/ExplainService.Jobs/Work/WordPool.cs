using System.Text.Json;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Numerics;

namespace ExplainService.Jobs.Work;

/// <summary>
/// A sample of the words of all texts of an input, each with the row that it is from: what takes a word's place under permutation. Every
/// occurrence is as likely to be in it (reservoir sampling, Vitter 1985), and each worker has the same.
/// </summary>
internal sealed class WordPool(long seed)
{
    private const int Size = 2048;

    private readonly SeededRandom random = new(seed);
    private readonly List<PooledWord> words = [];
    private long seen;

    /// <summary>The words of one more row.</summary>
    public void Add(InputRow row)
    {
        if (row.Text is not { } text)
        {
            return;
        }

        foreach (var span in TextFeatures.Words(text))
        {
            var word = new PooledWord(TextFeatures.Name(text, span), row.Row);
            seen++;
            if (words.Count < Size)
            {
                words.Add(word);
            }
            else if (random.NextDouble() * seen is var place && place < Size)
            {
                words[(int)place] = word;
            }
        }
    }

    /// <summary>The sample, to be kept.</summary>
    public byte[] Pack() => Segments.Pack(JsonSerializer.SerializeToUtf8Bytes(words, RowsJson.Words));

    /// <summary>A kept sample.</summary>
    public static IReadOnlyList<PooledWord> Unpack(byte[] body) => JsonSerializer.Deserialize(Segments.Unpack(body), RowsJson.Words)!;
}
