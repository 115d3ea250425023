using ExplainService.Graph;
using ExplainService.Runtime;
using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Sessions;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

/// <summary>What a model's graph does not allow is its own matter; what breaks down in the compiler is told as this service's.</summary>
public sealed class FormSessionsTests : IAsyncDisposable
{
    private readonly RecordingObserver observer = new();
    private readonly FormSessions sessions;

    public FormSessionsTests() =>
        sessions = new FormSessions("m", new SessionFactory(new RuntimeOptions()), observer, new CancellationTokenSource());

    public ValueTask DisposeAsync() => sessions.DisposeAsync();

    [Fact]
    public async Task A_form_that_the_graph_does_not_allow_is_refused_with_the_graphs_reason()
    {
        var refused = await Assert.ThrowsAsync<NotSupportedByModelException>(() =>
            sessions.GetDerivedAsync("attention/Self", () => throw new NotSupportedException("The graph has no attention of kind Self."))
        );

        Assert.Equal("The graph has no attention of kind Self.", refused.Message);
        Assert.Empty(observer.Faults);
    }

    [Fact]
    public async Task A_form_over_which_the_compiler_breaks_down_is_refused_as_what_this_service_could_not_do_and_the_fault_is_told()
    {
        var fault = new GraphCompilerException("building its gradient form", "Gelu 'g'", new KeyNotFoundException());

        var refused = await Assert.ThrowsAsync<NotSupportedByModelException>(() =>
            sessions.GetDerivedAsync("gradient/Logit/Softmax", () => throw fault)
        );

        Assert.StartsWith(
            "This service could not read this graph while building its gradient form",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Same(fault, Assert.Single(observer.Faults));
    }

    [Fact]
    public async Task A_form_that_was_not_made_in_time_is_late_and_is_made_when_it_is_asked_for_again()
    {
        var kept = new OnceAsync<string, FormSession>();
        var tries = 0;
        for (var asked = 1; asked <= 2; asked++)
        {
            var late = await Assert.ThrowsAsync<NotSupportedByModelException>(() =>
                kept.GetAsync(
                    "workload",
                    () =>
                        sessions.GetDerivedAsync(
                            "gradient/Logit/Softmax",
                            () =>
                            {
                                tries++;
                                throw new ModelNotUsableException("ONNX Runtime did not build the graph within 60 s.") { IsLate = true };
                            }
                        )
                )
            );
            Assert.True(late.IsLate);
            Assert.Equal(asked, tries);
        }
    }

    [Fact]
    public async Task What_the_graph_does_not_allow_is_not_tried_again_and_what_a_slow_batch_ended_is()
    {
        var kept = new OnceAsync<bool, FormSession>();
        var tries = new Dictionary<bool, int>();
        foreach (var slow in new[] { false, false, true, true })
        {
            await Assert.ThrowsAsync<NotSupportedByModelException>(() =>
                kept.GetAsync(
                    slow,
                    () =>
                    {
                        tries[slow] = tries.GetValueOrDefault(slow) + 1;
                        throw new NotSupportedByModelException("no") { IsSlow = slow };
                    }
                )
            );
        }

        Assert.Equal((1, 2), (tries[false], tries[true]));
    }
}
