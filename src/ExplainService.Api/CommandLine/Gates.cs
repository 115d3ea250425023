using System.Globalization;
using System.Text.RegularExpressions;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.CommandLine;

/// <summary>Something that must hold of an audit.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Figure">Which figure of the summary.</param>
/// <param name="AtLeast">Whether it must be no less, rather than no more.</param>
/// <param name="Bound">Than this.</param>
internal sealed record Gate(string Text, string Figure, bool AtLeast, double Bound)
{
    /// <summary>The figure; null where the audit has none, and no gate on it is met.</summary>
    public double? Of(JobSummary summary) => Gates.Figures[Figure](summary);

    /// <summary>Whether it holds of a value.</summary>
    public bool Holds(double? value) => value is { } known && (AtLeast ? known >= Bound : known <= Bound);
}

/// <summary>A list of gates in YAML: <c>- accuracy >= 0.9</c>, one a line.</summary>
internal static partial class Gates
{
    /// <summary>The figures that gates can name.</summary>
    public static IReadOnlyDictionary<string, Func<JobSummary, double?>> Figures { get; } =
        new Dictionary<string, Func<JobSummary, double?>>(StringComparer.Ordinal)
        {
            ["accuracy"] = summary => summary.Performance?.Accuracy,
            ["macro_f1"] = summary => summary.Performance?.MacroF1,
            ["log_loss"] = summary => summary.Performance?.LogLoss,
            ["mean_probability"] = summary => summary.Performance?.MeanProbability,
            ["expected_calibration_error"] = summary => summary.Performance?.ExpectedCalibrationError,
            ["failed"] = summary => summary.Failed,
            ["drift.flipped"] = summary => summary.Drift?.Flipped,
            ["drift.label_shift"] = summary => summary.Drift?.LabelShift,
            ["drift.ndcg"] = summary => summary.Drift?.Ndcg,
            ["drift.top_overlap"] = summary => summary.Drift?.Words.Select(words => (double?)words.TopOverlap).Min(),
            ["faithfulness.area"] = summary => summary.Faithfulness?.Area,
            ["faithfulness.z"] = summary => summary.Faithfulness?.Z,
            ["surrogate.agreement"] = summary => summary.Surrogate?.Logistic.Fidelity.Agreement,
            ["surrogate.r2"] = summary => summary.Surrogate?.Logistic.Fidelity.R2,
        };

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidRequestException">A line is no gate.</exception>
    public static IReadOnlyList<Gate> Read(IReadOnlyList<string> lines)
    {
        List<Gate> gates = [];
        for (var number = 1; number <= lines.Count; number++)
        {
            var line = lines[number - 1].Split('#')[0].Trim();
            if (line.Length == 0 || line is "---" or "gates:")
            {
                continue;
            }

            var match = Line().Match(line);
            if (!match.Success || !Figures.ContainsKey(match.Groups["figure"].Value))
            {
                throw InvalidRequestException.Malformed(
                    FormattableString.Invariant($"--gate, line {number}"),
                    $"must be like \"- accuracy >= 0.9\", of {string.Join(", ", Figures.Keys)}"
                );
            }

            gates.Add(
                new Gate(
                    match.Groups["gate"].Value,
                    match.Groups["figure"].Value,
                    match.Groups["compare"].Value == ">=",
                    double.Parse(match.Groups["bound"].Value, CultureInfo.InvariantCulture)
                )
            );
        }

        return gates;
    }

    [GeneratedRegex(@"^- [""']?(?<gate>(?<figure>[a-z0-9_.]+) *(?<compare>>=|<=) *(?<bound>-?[0-9]+(\.[0-9]+)?))[""']?$")]
    private static partial Regex Line();
}
