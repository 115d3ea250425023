using System.Text;
using ExplainService.Api.Tests.Fakes;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Access;

/// <summary>Messages that name the models there are, to a key that may use some of them.</summary>
public sealed class NamedModelTests
{
    [Theory]
    [InlineData("/predict", """{"text": "fun"}""", 404)]
    [InlineData("/jobs", """{"kind": "predict", "input": {"texts": ["a"]}}""", 404)]
    [InlineData("/counterfactual", """{"text": "fun", "model": "mine", "method": "fill", "fill_model": "mine"}""", 422)]
    public async Task No_message_names_a_model_that_is_not_theirs(string path, string body, int status)
    {
        await using var service = new OwnModels(
            ["mine", "hidden"],
            directory => CopyMask(Path.Combine(directory, "hidden-mask")),
            [
                ("Jobs:Directory", Path.Combine(Path.GetTempPath(), "named-jobs-" + Guid.NewGuid().ToString("N"))),
                .. TestKeys.Settings(0, "ann", ("Scopes", "explain,jobs"), ("Models", "mine")),
            ]
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("X-Api-Key", TestKeys.Of("ann"));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(status == (int)answer.StatusCode, said);
        Assert.DoesNotContain("hidden", said, StringComparison.Ordinal);
    }

    private static void CopyMask(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(ReferenceData.PathOf("zoo", "bert-mlm")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
