using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Text;
using Xunit;

namespace ExplainService.Tests.Methods.Targets;

/// <summary>Labels of tokens to entities, by the schemes that models are trained with.</summary>
public sealed class EntityGroupingTests
{
    [Theory]
    [InlineData("B-PER I-PER O B-LOC", "PER:0,1 LOC:3")]
    [InlineData("B-PER B-PER", "PER:0 PER:1")]
    [InlineData("I-PER I-PER I-LOC", "PER:0,1 LOC:2")]
    [InlineData("PER PER O PER", "PER:0,1 PER:3")]
    [InlineData("S-LOC B-PER I-PER E-PER E-PER", "LOC:0 PER:1,2,3 PER:4")]
    [InlineData("U-LOC L-LOC O O", "LOC:0 LOC:1")]
    [InlineData("O O", "")]
    public void Words_join_by_their_prefixes(string labels, string expected)
    {
        var words = labels.Split(' ');
        var input = Input([.. Enumerable.Range(0, words.Length)]);
        Assert.Equal(expected, Written(EntityGrouping.Group(input, Predictions(words))));
    }

    [Fact]
    public void A_word_has_the_label_of_its_first_piece()
    {
        var entities = EntityGrouping.Group(Input([0, 0, 1, 2]), Predictions(["B-PER", "O", "I-PER", "O"]));
        Assert.Equal("PER:0,1,2", Written(entities));
        Assert.Equal([0, 2], entities[0].Heads);
        Assert.Equal(0.25, entities[0].Probability, 1e-12);
    }

    [Fact]
    public void Entities_end_with_their_text()
    {
        var input = Input([0, 0], sequences: [0, 1]);
        Assert.Equal("PER:0 PER:1", Written(EntityGrouping.Group(input, Predictions(["PER", "PER"]))));
    }

    private static string Written(IReadOnlyList<Entity> entities) =>
        string.Join(' ', entities.Select(entity => entity.Kind + ":" + string.Join(',', entity.Tokens)));

    private static Dictionary<int, TokenPrediction> Predictions(string[] labels) =>
        labels.Select((label, token) => new TokenPrediction(token, label, 1, 0.5)).ToDictionary(prediction => prediction.Token);

    private static PreparedInput Input(int[] words, int[]? sequences = null)
    {
        var text = new string('x', 2 * words.Length);
        var tokens = words.Select(
            (word, index) => new Token(index, "x", 2 * index, (2 * index) + 1, false, word, sequences?[index] ?? 0, 0)
        );
        var encoding = new Encoding([.. tokens]);
        return new PreparedInput(text, text, new InputOffsets(OffsetUnit.Utf16, text, text), encoding, [encoding], []);
    }
}
