using ExplainService.Runtime.Models;
using ExplainService.Runtime.Models.Running;
using ExplainService.Tests.Runtime.Scheduling;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Models;

public sealed class BudgetProbeTests
{
    private static readonly ModelLimits Limits = new(512, 30_000, 30_000, 2);

    [Fact]
    public void The_smallest_batch_is_chosen_that_is_about_as_fast_a_token_as_any() =>
        // 2 ms a run and 0.1 ms a token: 128 tokens cost 0.116 each, 256 0.108, 512 0.104, 1024 0.102.
        Assert.Equal(512, BudgetOf(tokens => 2 + (0.1 * tokens)));

    [Fact]
    public void A_run_that_something_else_disturbed_does_not_choose_the_budget()
    {
        var run = 0;
        Assert.Equal(512, BudgetOf(tokens => (2 + (0.1 * tokens)) * (run++ % 5 == 1 ? 2 : 1)));
    }

    [Fact]
    public void A_model_that_is_slow_is_not_measured_for_long()
    {
        var clock = 0.0;
        Assert.Equal(128, BudgetOf(tokens =>
        {
            clock += 2 * tokens;
            return 2 * tokens;
        }));
        Assert.True(clock < 1500);
    }

    [Fact]
    public void A_configured_budget_is_taken_as_it_is() => Assert.Equal(700, BudgetOf(tokens => tokens, configured: 700));

    /// <summary>The budget on a device that takes that many milliseconds for a batch of so many tokens.</summary>
    private static int BudgetOf(Func<int, double> milliseconds, int configured = 0)
    {
        var time = new FakeTimeProvider();
        var device = new FakeDevice
        {
            Before = (rows, _) => time.Advance(TimeSpan.FromMilliseconds(milliseconds(rows.Sum(row => row.Ids.Length)))),
        };
        BudgetProbe.Run(device, (number, length) => FakeDevice.Row(number, length), Limits, 1024, configured, time);
        return device.TokenBudget;
    }
}
