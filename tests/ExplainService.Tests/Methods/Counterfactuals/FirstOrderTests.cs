using System.Numerics.Tensors;
using ExplainService.Goldens;
using ExplainService.Methods.Counterfactuals;
using ExplainService.Methods.Numerics;
using ExplainService.Runtime;
using ExplainService.Tests.Methods.Saliency;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Methods.Counterfactuals;

/// <summary>Replacements by first order, and what may take whose place.</summary>
public sealed class FirstOrderTests
{
    [Fact]
    public void The_lowest_of_the_whole_vocabulary_are_found()
    {
        var model = new Table(300, 8);
        var random = new SeededRandom(1);
        int[] ids = [5, 17, 299];
        var gradient = Enumerable.Range(0, 24).Select(_ => (float)random.NextGaussian()).ToArray();
        var found = FirstOrder.Lowest(model, ids, gradient, [0, 2], (own, other) => (own + other) % 2 == 0, 4, default);
        var all =
            from place in new[] { 0, 2 }
            from id in Enumerable.Range(0, 300)
            where (ids[place] + id) % 2 == 0
            let slope = gradient[(place * 8)..((place + 1) * 8)]
            let change = TensorPrimitives.Dot<float>(model.Embed([id]), slope)
                - TensorPrimitives.Dot<float>(model.Embed([ids[place]]), slope)
            orderby change
            select (place, id, change);
        var best = all.GroupBy(one => one.place).SelectMany(place => place.Take(4)).OrderBy(one => one.change).ToArray();
        Assert.Equal(best.Select(one => (one.place, one.id)), found.Select(one => (one.Token, one.Id)));
        Assert.All(best.Zip(found), pair => Assert.Equal(pair.First.change, pair.Second.Change, 1e-4));
    }

    [Theory]
    [InlineData("bert-uncased", "good", "bad", true)]
    [InlineData("bert-uncased", "good", "##ing", false)]
    [InlineData("bert-uncased", "##ing", "##ed", true)]
    [InlineData("bert-uncased", "good", ".", false)]
    [InlineData("bert-uncased", "good", "2", false)]
    [InlineData("bert-uncased", "good", "[CLS]", false)]
    [InlineData("gpt2", "Ġgood", "Ġbad", true)]
    [InlineData("gpt2", "Ġgood", "ing", false)]
    [InlineData("gpt2", "Ġgood", "Ġ1", false)]
    [InlineData("gpt2", "Ġgood", "<|endoftext|>", false)]
    public void A_piece_takes_the_place_of_its_own_kind(string tokenizer, string one, string other, bool alike)
    {
        var vocabulary = Tokenizer.Load(ReferenceData.PathOf("tokenizers", tokenizer));
        var pieces = VocabularyPieces.Of(vocabulary);
        Assert.Equal(alike, pieces.AreAlike(vocabulary.TokenId(one)!.Value, vocabulary.TokenId(other)!.Value));
    }

    [Theory]
    [InlineData("bad", "Good", "good", "Bad")]
    [InlineData("bad", "GOOD", "good", "BAD")]
    [InlineData("bad", "good", "good", "bad")]
    [InlineData("bad", "A", "a", "Bad")]
    public void A_word_gets_the_capitals_of_the_one_whose_place_it_takes(string entry, string instead, string form, string text)
    {
        var vocabulary = Tokenizer.Load(ReferenceData.PathOf("tokenizers", "bert-uncased"));
        Assert.Equal(text, VocabularyPieces.Of(vocabulary).TextOf(vocabulary.TokenId(entry)!.Value, instead, form));
    }

    private sealed class Table(int vocabulary, int size) : GradientsOnly
    {
        public override IAsyncEnumerable<GradientResult> GradientAsync(
            IEnumerable<GradientRow> rows,
            GradientSpec spec,
            WorkOptions work,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public override float[] Embed(ReadOnlySpan<int> ids, bool decoder = false)
        {
            var lines = new float[ids.Length * size];
            for (var i = 0; i < lines.Length; i++)
            {
                lines[i] = MathF.Sin((ids[i / size] * 7.3f) + (i % size * 1.7f));
            }

            return lines;
        }

        public override ReadOnlySpan<float> EmbeddingLines(int first, Span<float> buffer, bool decoder = false)
        {
            var count = Math.Clamp(vocabulary - first, 0, buffer.Length / size);
            Embed([.. Enumerable.Range(first, count)]).CopyTo(buffer);
            return buffer[..(count * size)];
        }
    }
}
