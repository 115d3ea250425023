using System.Diagnostics;
using System.Globalization;

namespace ExplainService.Benchmarks.Service;

/// <summary>Clocks, medians and lines of figures.</summary>
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

    /// <summary>How often an action runs in a second, over about that long.</summary>
    public static double Rate(Action action, TimeSpan atLeast)
    {
        var (count, all) = (0, Stopwatch.StartNew());
        while (all.Elapsed < atLeast)
        {
            action();
            count++;
        }

        return count / all.Elapsed.TotalSeconds;
    }

    /// <summary>A figure with its name before it.</summary>
    public static Task PrintAsync(TextWriter writer, string name, double value) =>
        writer.WriteLineAsync($"{name, -72} {value.ToString("0.000", CultureInfo.InvariantCulture), 8}");

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The value below which that part of them lies.</summary>
    public static double Quantile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(part * sorted.Length))];
    }
}
