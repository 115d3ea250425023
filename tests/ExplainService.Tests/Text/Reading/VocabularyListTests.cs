using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Reading;

/// <summary>A list of words is BERT's only where no file says otherwise; other tokenizers' files are refused by name.</summary>
public sealed class VocabularyListTests
{
    private const string Words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n";

    [Theory]
    [InlineData(null, null)]
    [InlineData("""{"tokenizer_class": "BertTokenizer"}""", """{"model_type": "anything"}""")]
    [InlineData("""{"tokenizer_class": "DistilBertTokenizerFast"}""", null)]
    [InlineData("""{"do_lower_case": true}""", """{"model_type": "electra"}""")]
    [InlineData("""{"tokenizer_class": "PreTrainedTokenizerFast"}""", """{"tokenizer_class": "BertTokenizer"}""")]
    public void Files_that_say_BERT_or_nothing_else_are_BERTs(string? settings, string? model) =>
        Assert.Equal([2, 5, 3], Load(("vocab.txt", Words), ("tokenizer_config.json", settings), ("config.json", model)).Encode("a").Ids);

    [Theory]
    [InlineData("""{"tokenizer_class": "BertJapaneseTokenizer"}""", null, "BertJapaneseTokenizer")]
    [InlineData(null, """{"model_type": "bert", "tokenizer_class": "BertJapaneseTokenizer"}""", "BertJapaneseTokenizer")]
    [InlineData("""{"tokenizer_class": "EsmTokenizer"}""", null, "EsmTokenizer")]
    [InlineData(null, """{"model_type": "esm"}""", "esm")]
    [InlineData("""{"tokenizer_class": "PhobertTokenizer"}""", """{"model_type": "roberta"}""", "PhobertTokenizer")]
    [InlineData("""{"word_tokenizer_type": "mecab"}""", """{"model_type": "bert"}""", "word_tokenizer_type")]
    public void Other_tokenizers_are_refused_by_name(string? settings, string? model, string value)
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() =>
            Load(("vocab.txt", Words), ("tokenizer_config.json", settings), ("config.json", model))
        );
        Assert.Equal(value, refused.Value);
    }

    [Fact]
    public void Tiktokens_file_is_told_from_SentencePieces()
    {
        var refused = Assert.Throws<TokenizerNotSupportedException>(() => Load(("tokenizer.model", "IQ== 0\nIg== 1\n")));
        Assert.Equal(("tokenizer.model", "tiktoken"), (refused.Component, refused.Value));
        Assert.Contains("tokenizer.json", refused.Message);
    }

    private static Tokenizer Load(params (string Name, string? Content)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer-");
        try
        {
            foreach (var (name, content) in files.Where(file => file.Content is not null))
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), content);
            }

            return Tokenizer.Load(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
