using System.Text;
using System.Xml.Linq;

namespace ExplainService.Api.Tests;

/// <summary>Every explanation endpoint draws what it answers, with the bundled model.</summary>
public sealed class PictureEndpointTests(Service service) : IClassFixture<Service>
{
    [Theory]
    [InlineData("/predict", "Prediction")]
    [InlineData("/tokenize", "6 tokens")]
    [InlineData("/saliency", "Integrated gradients: what speaks for “positive”")]
    [InlineData("/occlusion", "Occlusion: what speaks for “positive”")]
    [InlineData("/shap", "Shapley values: what speaks for “positive”")]
    [InlineData("/lime", "LIME: what speaks for “positive”")]
    [InlineData("/attention", "Attention of every layer and head")]
    [InlineData("/layers", "Gradient × activation by layer: what speaks for “positive”")]
    [InlineData("/neurons", "Activations of neurons at each token")]
    [InlineData("/counterfactual", "Counterfactual: what the model calls “positive”")]
    [InlineData("/ablation", "Ablation of heads: what holds up “positive”")]
    public async Task An_endpoint_draws_its_answer(string path, string title)
    {
        var svg = XDocument.Parse(Encoding.UTF8.GetString(await GetAsync(path + "?format=svg"))).Root!;

        Assert.Equal(title, (string?)svg.Attribute("aria-label"));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await GetAsync(path + "?format=png"))[..4]);
    }

    [Fact]
    public async Task A_picture_is_reproducible()
    {
        Assert.Equal(await GetAsync("/shap?format=png&view=force"), await GetAsync("/shap?format=png&view=force"));
    }

    private async Task<byte[]> GetAsync(string path)
    {
        using var content = new StringContent("""{"text": "not bad at all"}""", Encoding.UTF8, "application/json");
        using var response = await service.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        return body;
    }
}
