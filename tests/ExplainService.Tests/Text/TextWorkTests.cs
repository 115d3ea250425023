using ExplainService.Goldens;
using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text;

/// <summary>Work on a text is proportional to its length, whatever is in it, and ends where it is when nobody waits for it.</summary>
public sealed class TextWorkTests
{
    private const int Characters = 20_000;

    private static readonly string[] Repeated =
    [
        "a",
        " ",
        "\n",
        ". ",
        "\u0316\u0301",
        "\u0345\u0301\u0316\u05B0\u3099",
        "e\u0301",
        "\u1100\u1161\u11A8",
        "中",
        "\u0E01\u0E32",
        "🇫🇷",
        "👨\u200D",
        "<mask>",
        "[MASK ",
        "▁",
        "\uFFFE\u0301",
        "\uFDFA",
        "1.",
        "a'",
    ];

    public static TheoryData<string> Tokenizers =>
        [
            .. Directory
                .GetDirectories(ReferenceData.PathOf("zoo"))
                .Where(folder => File.Exists(Path.Combine(folder, "tokenizer.json")))
                .DistinctBy(folder => new FileInfo(Path.Combine(folder, "tokenizer.json")).Length)
                .Select(folder => Path.GetFileName(folder)),
        ];

    [Theory]
    [Slow]
    [MemberData(nameof(Tokenizers))]
    public void Four_times_the_text_is_about_four_times_the_work(string name)
    {
        var tokenizer = Tokenizer.Load(ReferenceData.PathOf("zoo", name));
        foreach (var part in Repeated)
        {
            var (once, fourTimes) = (Blocks(tokenizer, part, Characters), Blocks(tokenizer, part, 4 * Characters));
            Assert.InRange(fourTimes, 4, 8 * once);
        }
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Work_that_nobody_waits_for_ends_within_a_block(string name)
    {
        var tokenizer = Tokenizer.Load(ReferenceData.PathOf("zoo", name));
        var gone = new CancellationToken(canceled: true);
        var before = TextWork.Blocks;

        Assert.Throws<OperationCanceledException>(() => tokenizer.Encode("a" + Text("\u0316\u0301", Characters), cancellationToken: gone));

        Assert.InRange(TextWork.Blocks - before, 1, 2);
    }

    [Fact]
    public void Work_within_other_work_leaves_it_as_it_was()
    {
        using var outer = new CancellationTokenSource();
        using var work = TextWork.Begin(outer.Token);
        using (TextWork.Begin(CancellationToken.None))
        {
            outer.Cancel();
            TextWork.Check();
        }

        Assert.Throws<OperationCanceledException>(TextWork.Check);
    }

    private static long Blocks(Tokenizer tokenizer, string part, int characters)
    {
        var before = TextWork.Blocks;
        try
        {
            tokenizer.Encode("a" + Text(part, characters));
        }
        catch (TokenizerUnknownException)
        {
            // A vocabulary without a token for what is unknown: so far it was read all the same.
        }

        return TextWork.Blocks - before;
    }

    private static string Text(string part, int characters) => string.Concat(Enumerable.Repeat(part, characters / part.Length));
}
