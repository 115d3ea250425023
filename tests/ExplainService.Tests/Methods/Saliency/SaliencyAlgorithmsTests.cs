using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Saliency;
using Xunit;

namespace ExplainService.Tests.Methods.Saliency;

/// <summary>What holds for every algorithm that is found.</summary>
public sealed partial class SaliencyAlgorithmsTests
{
    public static TheoryData<string> Names => new(SaliencyAlgorithms.Names);

    /// <summary>The fields of a request that are <c>/saliency</c>'s own, beside the one that names the algorithm.</summary>
    private static readonly string[] OwnFields =
    [
        .. typeof(SaliencyRequest)
            .GetProperties()
            .Where(property => property.DeclaringType == typeof(SaliencyRequest) && property.Name != nameof(SaliencyRequest.Method))
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_a_name_for_programs_and_one_for_people(string name)
    {
        var algorithm = Of(name);

        Assert.Matches(SnakeCase(), algorithm.Name);
        Assert.False(string.IsNullOrWhiteSpace(algorithm.Title));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_reads_no_option_that_a_request_does_not_have(string name)
    {
        var options = Of(name).Options(Request(name));

        Assert.All(options, option => Assert.Contains(option, OwnFields));
        Assert.Equal(Of(name).HasBaseline(Request(name)), options.Contains("baseline"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_scores_every_token_of_a_row_and_of_its_decoder(string name)
    {
        var scores = await DifferentiableModel.AttributeAsync(Request(name), [1, -2, 3], 4, 5);

        Assert.Equal((3, 2), (scores.Tokens.Length, scores.Decoder.Length));
        Assert.All(scores.Tokens.Concat(scores.Decoder), score => Assert.True(double.IsFinite(score)));
        Assert.True(!Of(name).IsUnsigned(Request(name)) || scores.Tokens.All(score => score >= 0));
    }

    private static SaliencyRequest Request(string name) =>
        new()
        {
            Text = "x",
            Method = name,
            Baseline = new(BaselineKind.Zero),
        };

    private static ISaliencyAlgorithm Of(string name) => SaliencyAlgorithms.Of(Request(name));

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
