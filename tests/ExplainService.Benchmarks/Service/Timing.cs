using System.Diagnostics;

namespace ExplainService.Benchmarks.Service;

/// <summary>Clocks and medians.</summary>
public static class Timing
{
    /// <summary>Median seconds of an action, repeated for about this long and at least three times.</summary>
    public static double Seconds(Action action, TimeSpan atLeast)
    {
        var times = new List<double>();
        var all = Stopwatch.StartNew();
        while (times.Count < 3 || all.Elapsed < atLeast)
        {
            var one = Stopwatch.StartNew();
            action();
            times.Add(one.Elapsed.TotalSeconds);
        }

        return Median(times);
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The value below which that part of them lies.</summary>
    public static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(part * sorted.Length))];
    }
}
