using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Reports;

/// <summary>Rows that a reader wants to see, and right and wrong answers by the length of the text; in two passes, over results and inputs.</summary>
internal sealed class CaseFold
{
    private const int Shown = 5;

    /// <summary>Upper ends of the slices of length, in words; the last is open.</summary>
    private static readonly int[] Ends = [5, 10, 20, 40, 80, int.MaxValue];

    private readonly PriorityQueue<ReportCase, double> wrong = new();
    private readonly PriorityQueue<ReportCase, double> undecided = new();
    private readonly PriorityQueue<ReportCase, double> confident = new();
    private readonly Dictionary<long, bool> right = [];
    private readonly (long Rows, long Judged, long Right)[] slices = new (long, long, long)[Ends.Length];

    /// <summary>First: a line of results.</summary>
    public void AddResult(JsonElement line)
    {
        if (
            !line.TryGetProperty("prediction", out var predicted)
            || predicted.Deserialize<Prediction>(JobsJson.Lines) is not { Label: { } label, Probability: { } chance } prediction
        )
        {
            return;
        }

        var row = line.GetProperty("row").GetInt64();
        var given = line.TryGetProperty("label", out var own) ? own.GetString() : null;
        var truth = RowLabels.Truth(line, prediction);
        var isRight = truth is null ? (bool?)null : truth == label;
        var one = new ReportCase(row, line.GetProperty("id").ToString(), label, chance, given, Units(line));
        Keep(undecided, one, -chance);
        if (isRight is { } known)
        {
            right[row] = known;
            Keep(known ? confident : wrong, one, chance);
        }
    }

    /// <summary>Then: a row of the input.</summary>
    public void AddInput(InputRow row, IReadOnlyDictionary<long, ReportCase> cases)
    {
        if (row.Text is not { } text)
        {
            return;
        }

        if (cases.TryGetValue(row.Row, out var shown))
        {
            shown.Text = text;
            shown.Pair = row.Pair;
        }

        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        ref var slice = ref slices[Array.FindIndex(Ends, end => words <= end)];
        var judged = right.TryGetValue(row.Row, out var isRight);
        slice = (slice.Rows + 1, slice.Judged + (judged ? 1 : 0), slice.Right + (isRight ? 1 : 0));
    }

    /// <summary>All cases by row, for the second pass.</summary>
    public IReadOnlyDictionary<long, ReportCase> All() =>
        wrong
            .UnorderedItems.Concat(undecided.UnorderedItems)
            .Concat(confident.UnorderedItems)
            .Select(one => one.Element)
            .DistinctBy(one => one.Row)
            .ToDictionary(one => one.Row);

    /// <summary>The cases by why they are shown.</summary>
    /// <param name="texts">Of the second pass.</param>
    public IEnumerable<(string Title, IReadOnlyList<ReportCase> Cases)> Groups(IReadOnlyDictionary<long, ReportCase> texts)
    {
        (string, PriorityQueue<ReportCase, double>)[] groups =
        [
            ("Most confident and wrong", wrong),
            ("Least decided", undecided),
            ("Most confident and right", confident),
        ];
        return groups
            .Where(group => group.Item2.Count > 0)
            .Select(group =>
                (
                    group.Item1,
                    (IReadOnlyList<ReportCase>)
                        [
                            .. group
                                .Item2.UnorderedItems.OrderByDescending(one => one.Priority)
                                .ThenBy(one => one.Element.Row)
                                .Select(one => texts[one.Element.Row]),
                        ]
                )
            );
    }

    /// <summary>Rows and accuracy by length.</summary>
    public IEnumerable<(string Words, long Rows, double? Accuracy)> Slices() =>
        slices
            .Select(
                (slice, index) =>
                    (
                        index == 0 ? FormattableString.Invariant($"up to {Ends[0]}")
                        : Ends[index] == int.MaxValue ? FormattableString.Invariant($"over {Ends[index - 1]}")
                        : FormattableString.Invariant($"{Ends[index - 1] + 1} to {Ends[index]}"),
                        slice.Rows,
                        slice.Judged == 0 ? (double?)null : (double)slice.Right / slice.Judged
                    )
            )
            .Where(slice => slice.Rows > 0);

    /// <summary>The strongest few; of equal ones the earlier.</summary>
    private static void Keep(PriorityQueue<ReportCase, double> queue, ReportCase one, double strength)
    {
        if (queue.Count < Shown)
        {
            queue.Enqueue(one, strength);
        }
        else if (queue.TryPeek(out _, out var least) && strength > least)
        {
            queue.DequeueEnqueue(one, strength);
        }
    }

    private static ReportUnit[] Units(JsonElement line) =>
        line.TryGetProperty("units", out var units)
            ?
            [
                .. units
                    .EnumerateArray()
                    .Where(unit => unit.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number)
                    .Select(unit => new ReportUnit(unit.GetProperty("text").GetString()!, unit.GetProperty("score").GetDouble())),
            ]
            : [];
}

/// <summary>A row that is shown.</summary>
internal sealed record ReportCase(long Row, string Id, string Label, double Probability, string? Given, IReadOnlyList<ReportUnit> Units)
{
    /// <summary>Its text, once it is known.</summary>
    public string Text { get; set; } = "";

    /// <summary>The second text.</summary>
    public string? Pair { get; set; }

    /// <summary>The smallest removal that changes the label; null: it was not looked for.</summary>
    public CaseChange? Change { get; set; }
}

/// <summary>A unit of a row that is shown.</summary>
internal sealed record ReportUnit(string Text, double Score);
