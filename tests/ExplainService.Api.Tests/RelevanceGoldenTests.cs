using ExplainService.Goldens;
using ExplainService.Methods.Saliency;
using static ExplainService.Api.Tests.JsonNumbers;

namespace ExplainService.Api.Tests;

/// <summary>Relevance of ten texts by PyTorch, both variants, reproduced through HTTP.</summary>
public sealed class RelevanceGoldenTests(Service service) : IClassFixture<Service>
{
    public static TheoryData<string> Texts() =>
        new(
            Directory
                .EnumerateFiles(ReferenceData.PathOf("goldens", "minilm-lrp"))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Relevance_is_that_of_PyTorch(string file)
    {
        using var golden = ReferenceData.Json("goldens", "minilm-lrp", file);
        var root = golden.RootElement;
        foreach (var method in new[] { "cp_lrp", "attn_lrp" })
        {
            var answer = await service.AskAsync<SaliencyAnswer>(
                "/saliency",
                new
                {
                    text = root.GetProperty("text").GetString(),
                    method,
                    objective = root.GetProperty("objective").GetString(),
                    target = new { label = root.GetProperty("target").GetInt32() },
                }
            );
            Assert.Equal(Numbers(root.GetProperty("input_ids")), answer.Tokens.Select(token => (double)token.Id));
            NearRelative(Numbers(root.GetProperty(method)), answer.Tokens.Scores(), 5e-3);
        }
    }
}
