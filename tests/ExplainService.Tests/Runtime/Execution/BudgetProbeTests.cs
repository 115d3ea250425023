using ExplainService.Runtime.Execution;
using ExplainService.Runtime.Folders;
using ExplainService.Runtime.Scheduling;
using ExplainService.Tests.Runtime.Scheduling;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ExplainService.Tests.Runtime.Execution;

public sealed class BudgetProbeTests
{
    private static readonly ModelLimits Limits = new(512, 30_000, 30_000, 2);

    [Fact]
    public void The_largest_batch_is_chosen_that_takes_at_most_a_quarter_of_a_second() =>
        // 2 ms a run and 0.3 ms a token: 512 tokens take 156 ms, 1024 would take 309.
        Assert.Equal(512, BudgetOf(tokens => 2 + (0.3 * tokens)));

    [Fact]
    public void A_fast_device_gets_the_largest() => Assert.Equal(1024, BudgetOf(tokens => 2 + (0.001 * tokens)));

    [Fact]
    public void A_batch_that_has_outgrown_the_caches_is_too_large() =>
        Assert.Equal(256, BudgetOf(tokens => 0.01 * tokens * (tokens > 256 ? 1.3 : 1)));

    [Fact]
    public void A_run_that_something_else_disturbed_does_not_choose_the_budget()
    {
        var run = 0;
        Assert.Equal(512, BudgetOf(tokens => (2 + (0.3 * tokens)) * (run++ % 5 == 1 ? 2 : 1)));
    }

    [Fact]
    public void A_disturbance_that_lasts_longer_than_the_usual_runs_does_not_choose_it_either()
    {
        var run = 0;
        Assert.Equal(512, BudgetOf(tokens => (2 + (0.3 * tokens)) * (run++ is > 6 and < 13 ? 2 : 1)));
    }

    [Fact]
    public void A_model_that_is_slow_is_not_measured_for_long()
    {
        var clock = 0.0;
        Assert.Equal(
            128,
            BudgetOf(tokens =>
            {
                clock += 2 * tokens;
                return 2 * tokens;
            })
        );
        Assert.True(clock < 1500);
    }

    [Fact]
    public void A_configured_budget_is_taken_as_it_is() => Assert.Equal(700, BudgetOf(tokens => tokens, configured: 700));

    [Fact]
    public void Rows_of_a_fixed_length_are_counted_with_their_padding()
    {
        // 0.3 ms a token, padding too: a batch of two rows takes 154 ms, one of four would take 307.
        var device = Probed(tokens => 0.3 * tokens, fixedLength: 256);
        Assert.Equal(512, device.TokenBudget);
        Assert.Equal(2, device.Batches.Max(batch => batch.Length));
        Assert.Equal(0.3e-3, device.Throughput.SecondsPerToken, 1e-9);
    }

    [Fact]
    public void A_row_longer_than_the_largest_batch_is_measured_alone() =>
        Assert.Equal(0.1e-3, Probed(tokens => 0.1 * tokens, fixedLength: 2048).Throughput.SecondsPerToken, 1e-9);

    [Fact]
    public void The_first_run_which_is_cold_is_no_measure_of_the_cost()
    {
        var run = 0;
        var device = Probed(tokens => tokens * (run++ == 0 ? 50 : 1), configured: 700);
        Assert.Equal(1e-3, device.Throughput.SecondsPerToken, 1e-9);
    }

    private static int BudgetOf(Func<int, double> milliseconds, int configured = 0) => Probed(milliseconds, configured).TokenBudget;

    /// <summary>A device that takes that many milliseconds for a batch of so many tokens, after it was measured.</summary>
    private static FakeDevice Probed(Func<int, double> milliseconds, int configured = 0, int fixedLength = 0)
    {
        var time = new FakeTimeProvider();
        var device = new FakeDevice
        {
            FixedLength = fixedLength,
            Before = (rows, _) =>
                time.Advance(TimeSpan.FromMilliseconds(milliseconds(rows.Sum(row => Math.Max(row.Ids.Length, fixedLength))))),
        };
        BudgetProbe.Run(device, (number, length) => FakeDevice.Row(number, length), Limits, 1024, configured, new DeviceGate(), time);
        return device;
    }
}
