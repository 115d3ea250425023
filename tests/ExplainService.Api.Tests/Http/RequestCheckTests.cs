using ExplainService.Methods.Contracts;
using ExplainService.Methods.Permutation;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Predictions;
using ExplainService.Methods.Saliency;

namespace ExplainService.Api.Tests.Http;

/// <summary>What no request may say is said in the detail too: some clients show nothing else.</summary>
public sealed class RequestCheckTests
{
    [Fact]
    public void One_field_at_fault_is_explained() =>
        Assert.Equal("text: must not be empty, and it holds white space alone.", Detail(new PredictRequest { Text = " " }));

    [Fact]
    public void Numbers_outside_their_ranges_are_all_named() =>
        Assert.Equal(
            "2 fields are at fault: steps: must be from 1 to 2000; noise: must be from 0 to 10.",
            Detail(
                new SaliencyRequest
                {
                    Text = "a",
                    Steps = 0,
                    Samples = 10_000,
                    Noise = -1,
                }
            )
        );

    [Fact]
    public void Several_fields_at_fault_are_each_explained() =>
        Assert.Equal(
            "2 fields are at fault: text: must not be empty; deadline_ms: must be 1 or more.",
            Detail(new PredictRequest { Text = "", DeadlineMs = 0 })
        );

    [Fact]
    public void Texts_beside_the_text_are_no_longer_than_any_model_reads()
    {
        var text = new string('a', RequestChecks.MaxSideText + 1);
        Assert.Equal(
            "2 fields are at fault: target.continuation: must have at most 100000 characters; background[1]: must have at most 100000 characters.",
            Detail(
                new PermutationRequest
                {
                    Text = "a",
                    Background = ["b", text],
                    Target = new TargetRequest { Continuation = text },
                }
            )
        );
        Assert.Equal(
            "baseline.text: holds a surrogate without its other half.",
            Detail(new SaliencyRequest { Text = "a", Baseline = new BaselineRequest(BaselineKind.Text, "\ud83d") })
        );
    }

    private static string Detail(ExplainRequest request) =>
        Assert.Throws<InvalidRequestException>(() => RequestChecks.Check(request, mayBeBlank: false)).Message;
}
