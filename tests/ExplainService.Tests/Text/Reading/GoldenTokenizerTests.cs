using System.Text.Json;
using ExplainService.Goldens;
using ExplainService.Text;
using ExplainService.Text.Tokenization;
using Xunit;

namespace ExplainService.Tests.Text.Reading;

/// <summary>Hugging Face's tokenizers on awkward texts and pairs, reproduced: ids, tokens, offsets, special mask and word ids.</summary>
public class GoldenTokenizerTests
{
    public static TheoryData<string> Families() =>
        new(
            Directory
                .EnumerateDirectories(ReferenceData.PathOf("tokenizers"))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );

    public static TheoryData<string> Folders() =>
        new(
            Directory
                .EnumerateDirectories(ReferenceData.PathOf("zoo"))
                .Concat(Directory.EnumerateDirectories(ReferenceData.BundledModels))
                .Select(path => Path.GetRelativePath(ReferenceData.Root, path))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Families))]
    public void Encodes_as_Hugging_Face_does(string family)
    {
        var tokenizer = Tokenizer.Load(ReferenceData.PathOf("tokenizers", family));
        GoldenEncodings.Check(tokenizer, family);
    }

    /// <summary>Every family that was published with older files; Llama 3 never was.</summary>
    public static TheoryData<string> FamiliesWithOlderFiles() =>
        new(
            ((IEnumerable<string>)Directory.GetDirectories(ReferenceData.PathOf("tokenizers")))
                .Where(HasOlderFiles)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );

    private static bool HasOlderFiles(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Any(path => Path.GetExtension(path) is ".model" or ".txt" && !path.EndsWith("README.txt", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(FamiliesWithOlderFiles))]
    public void Encodes_the_same_from_the_older_files(string family)
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer");
        try
        {
            foreach (
                var path in Directory
                    .EnumerateFiles(ReferenceData.PathOf("tokenizers", family))
                    .Where(path => Path.GetFileName(path) is not ("tokenizer.json" or "golden.json"))
            )
            {
                File.Copy(path, Path.Combine(folder.FullName, Path.GetFileName(path)));
            }

            var fromOlder = Tokenizer.Load(folder.FullName);
            GoldenEncodings.Check(fromOlder, family);

            var usual = Tokenizer.Load(ReferenceData.PathOf("tokenizers", family));
            Assert.Equal(usual.VocabularySize, fromOlder.VocabularySize);
            Assert.Equal(
                Enumerable.Range(0, usual.VocabularySize).Select(usual.TokenText),
                Enumerable.Range(0, usual.VocabularySize).Select(fromOlder.TokenText)
            );
            Assert.Equal(usual.Special, fromOlder.Special);
            foreach (var ids in GoldenEncodings.Ids(family))
            {
                Assert.Equal(usual.Decode(ids), fromOlder.Decode(ids));
                Assert.Equal(usual.Decode(ids, skipSpecial: false), fromOlder.Decode(ids, skipSpecial: false));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_model_folder_has_a_tokenizer_that_loads(string folder)
    {
        var tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.Root, folder));
        Assert.NotEmpty(tokenizer.Encode("a gripping, funny film!").Tokens);
    }
}

/// <summary>Compares encodings with golden.json.</summary>
internal static class GoldenEncodings
{
    public static void Check(Tokenizer tokenizer, string family)
    {
        using var document = ReferenceData.Json("tokenizers", family, "golden.json");
        var wrong = new List<string>();
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var text = item.GetProperty("text").GetString()!;
            var pair = item.TryGetProperty("pair", out var second) && second.ValueKind == JsonValueKind.String ? second.GetString() : null;
            var encoding = tokenizer.Encode(text, pair);
            var offsets = new[] { new OffsetUnits(text), new OffsetUnits(pair ?? "") };
            Compare("ids", item.GetProperty("ids"), encoding.Ids.Select(id => id.ToString()));
            Compare("tokens", item.GetProperty("tokens"), encoding.Tokens.Select(token => token.Text));
            if (item.TryGetProperty("type_ids", out var types))
            {
                Compare("types", types, encoding.TypeIds.Select(type => type.ToString()));
                Compare(
                    "sequences",
                    item.GetProperty("sequence_ids"),
                    encoding.Tokens.Select(token => token.Sequence < 0 ? "" : token.Sequence.ToString())
                );
            }

            Compare("special", item.GetProperty("special"), encoding.Tokens.Select(token => token.Special ? "1" : "0"));
            Compare("words", item.GetProperty("words"), encoding.Tokens.Select(token => token.Word?.ToString() ?? ""));
            Compare(
                "offsets",
                item.GetProperty("offsets"),
                encoding.Tokens.Select(token =>
                    token.Special
                        ? "[0, 0]"
                        : $"[{offsets[token.Sequence].ToCodePoint(token.Start)}, {offsets[token.Sequence].ToCodePoint(token.End)}]"
                )
            );

            void Compare(string what, JsonElement expected, IEnumerable<string> actual)
            {
                if (expected.ValueKind == JsonValueKind.Null)
                {
                    // An empty encoding has no words.
                    return;
                }

                var left = string.Join(' ', expected.EnumerateArray().Select(Show));
                var right = string.Join(' ', actual);
                if (left != right)
                {
                    wrong.Add($"{what} of '{text}' | '{pair}':\n  {left}\n  {right}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n" + string.Join('\n', wrong.Take(5)));
    }

    /// <summary>The ids of every case.</summary>
    public static IEnumerable<int[]> Ids(string family)
    {
        using var document = ReferenceData.Json("tokenizers", family, "golden.json");
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(item => item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray()),
        ];
    }

    private static string Show(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => $"[{value[0].GetInt32()}, {value[1].GetInt32()}]",
            JsonValueKind.Null => "",
            _ => value.ToString(),
        };
}
