using ExplainService.Goldens;
using ExplainService.Runtime;
using ExplainService.Runtime.Folders;
using ExplainService.Tests.Runtime.Models;
using Xunit;

namespace ExplainService.Tests.Runtime.Folders;

/// <summary>A tokenizer of another model is told from a table of embeddings that was padded.</summary>
[Slow]
public sealed class VocabularyFitTests : IAsyncDisposable
{
    private readonly ModelFolders folders = new();

    public static TheoryData<string> Zoo =>
        [.. Directory.EnumerateDirectories(ReferenceData.PathOf("zoo")).Select(folder => Path.GetFileName(folder)!)];

    public ValueTask DisposeAsync() => folders.DisposeAsync();

    [Theory]
    [InlineData(7, 2000)]
    [InlineData(30522, 50265)]
    [InlineData(32100, 250112)]
    public void Far_fewer_tokens_than_embeddings_are_warned_of(int tokens, int rows) => Assert.Single(VocabularyFit.Warnings(tokens, rows));

    [Theory]
    [InlineData("T5", 32100, 32128)]
    [InlineData("GPT-NeoX", 50277, 50432)]
    [InlineData("Phi-2", 50295, 51200)]
    [InlineData("Qwen2 7B", 151646, 152064)]
    [InlineData("a toy's", 300, 512)]
    [InlineData("unknown", 30522, int.MaxValue)]
    public void A_table_padded_beyond_the_vocabulary_is_no_cause_for_a_warning(string model, int tokens, int rows) =>
        Assert.True(VocabularyFit.Warnings(tokens, rows) is [], model);

    [Fact]
    public async Task Every_answer_of_the_model_says_so()
    {
        folders.Copy("bert-cls", "small");
        File.Delete(folders.PathOf("small", "tokenizer.json"));
        await File.WriteAllLinesAsync(folders.PathOf("small", "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"]);
        var model = await folders.Registry.GetAsync("small", CancellationToken.None);
        Assert.Contains(
            new Warning(
                ModelWarningCode.VocabularyMismatch,
                "The tokenizer has 7 tokens and the model has 2000 word embeddings; it may be the tokenizer of another model."
            ),
            model.Description.Warnings
        );
    }

    [Theory]
    [MemberData(nameof(Zoo))]
    public async Task No_model_of_the_zoo_is_suspected(string name)
    {
        folders.Copy(name, name);
        Assert.DoesNotContain(
            (await folders.Registry.GetAsync(name, CancellationToken.None)).Description.Warnings,
            warning => warning.Code == ModelWarningCode.VocabularyMismatch
        );
    }
}
