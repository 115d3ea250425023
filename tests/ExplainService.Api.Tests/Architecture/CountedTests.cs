using System.Text.RegularExpressions;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>
/// A test that reads the clock or the live heap fails on a busy machine for nobody's fault. What is bounded is counted (allocations of the
/// call, evaluations, rows, a clock that the test turns); what is timed or weighed belongs to the benchmarks.
/// </summary>
public sealed partial class CountedTests
{
    /// <summary>Files that may, and why.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["tests/Patience.cs"] = "turns what would wait for ever into a failure, after minutes",
        ["tests/ExplainService.Api.Tests/Architecture/CountedTests.cs"] = "names what it forbids",
        ["tests/ExplainService.Api.Tests/Http/WorkMemoryTests.cs"] = "asks for the memory that .NET may use, which does not move",
    };

    [Fact]
    public void No_test_reads_the_clock_or_the_live_heap()
    {
        var found = Directory
            .EnumerateFiles(Path.Combine(ReferenceData.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (File: path, Name: Path.GetRelativePath(ReferenceData.Root, path).Replace('\\', '/')))
            .Where(file =>
                !Generated().IsMatch(file.Name) && !file.Name.StartsWith("tests/ExplainService.Benchmarks/", StringComparison.Ordinal)
            )
            .Where(file => !Allowed.ContainsKey(file.Name))
            .SelectMany(file => Forbidden().Matches(File.ReadAllText(file.File)).Select(match => $"{file.Name}: {match.Value}"));

        Assert.Empty(found);
    }

    [GeneratedRegex("/(obj|bin)/")]
    private static partial Regex Generated();

    [GeneratedRegex(
        @"\bStopwatch\b|\bTimeProvider\.System\b|\bTickCount|\bDateTime(Offset)?\.(Utc)?Now\b|performance\.now|\bWeakReference"
            + @"|\bGC\.(Collect|GetTotalMemory|GetTotalAllocatedBytes|GetGCMemoryInfo|CollectionCount|WaitFor\w+)|\bGCSettings\b|\b(Private|Paged|Virtual)MemorySize"
            + @"|\bWorkingSet|\bDisableParallelization|\bFromSeconds\((10|15|20|30)\)\)"
    )]
    private static partial Regex Forbidden();
}
