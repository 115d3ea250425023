using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Inputs;
using ExplainService.Jobs.Surrogates;

namespace ExplainService.Jobs.Reports;

/// <summary>What is written about a job: its summary, its report, its evidence.</summary>
/// <param name="job">The job.</param>
/// <param name="summed">What all results say together: words of each list, rows that each must be in.</param>
/// <param name="results">Its lines of results, in row order, as often as they are asked for.</param>
/// <param name="inputs">Its rows.</param>
/// <param name="changes">The smallest removals that change the labels of some rows.</param>
internal sealed class JobPapers(
    JobAnswer job,
    Func<int, int, CancellationToken, Task<JobSummary>> summed,
    Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> results,
    Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<InputRow>>> inputs,
    Func<IReadOnlyCollection<ReportCase>, CancellationToken, Task<IReadOnlyList<CaseChange>>> changes
)
{
    private const int Top = 50;
    private const int LeastDocuments = 3;
    private const int MostTaught = 50_000;

    /// <summary>The summary.</summary>
    public async Task<JobSummary> SummaryAsync(int top, int leastDocuments, CancellationToken cancellationToken)
    {
        var summary = await summed(top, leastDocuments, cancellationToken).ConfigureAwait(false);
        if (job.Kind != JobKind.Surrogate)
        {
            return summary;
        }

        var taught = await SurrogateAsync(cancellationToken).ConfigureAwait(false);
        return taught is null
            ? summary with
            {
                Warnings = [.. summary.Warnings, "There are too few rows with probabilities of labels for surrogates."],
            }
            : summary with
            {
                Surrogate = taught.Summary,
            };
    }

    /// <summary>Teaches the surrogates, on the first rows of a large job; null where there are too few rows.</summary>
    public async Task<Surrogate?> SurrogateAsync(CancellationToken cancellationToken)
    {
        var answers = new Dictionary<long, (Dictionary<string, double> Probabilities, TextPiece[] Pieces)>();
        await foreach (var lines in results(cancellationToken).ConfigureAwait(false))
        {
            foreach (var line in Segments.Lines(lines))
            {
                using var document = JsonDocument.Parse(line);
                if (answers.Count < MostTaught && Probabilities(document.RootElement) is { Count: > 1 } probabilities)
                {
                    answers[document.RootElement.GetProperty("row").GetInt64()] = (probabilities, Pieces(document.RootElement));
                }
            }
        }

        List<TaughtText> texts = [];
        await foreach (var rows in inputs(cancellationToken).ConfigureAwait(false))
        {
            texts.AddRange(
                rows.Where(row => row.Text is not null && answers.ContainsKey(row.Row))
                    .Select(row => Taught(row.Row, row.Text!, answers[row.Row].Probabilities, answers[row.Row].Pieces))
            );
        }

        return await Task.Run(() => Surrogate.Teach(texts, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The report.</summary>
    public async Task<string> ReportAsync(CancellationToken cancellationToken) =>
        await ReportAsync(await SummaryAsync(Top, LeastDocuments, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);

    private async Task<string> ReportAsync(JobSummary summary, CancellationToken cancellationToken)
    {
        var (cases, swarm) = (new CaseFold(), new Beeswarm(summary.Words ?? []));
        await foreach (var lines in results(cancellationToken).ConfigureAwait(false))
        {
            foreach (var line in Segments.Lines(lines))
            {
                using var document = JsonDocument.Parse(line);
                cases.AddResult(document.RootElement);
                swarm.Add(document.RootElement);
            }
        }

        var shown = cases.All();
        await foreach (var rows in inputs(cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in rows)
            {
                cases.AddInput(row, shown);
            }
        }

        foreach (var change in await changes([.. shown.Values], cancellationToken).ConfigureAwait(false))
        {
            if (shown.TryGetValue(change.Row, out var one))
            {
                one.Change = change;
            }
        }

        return ReportPage.Write(job, summary, cases, shown, swarm);
    }

    private static TaughtText Taught(long row, string text, Dictionary<string, double> probabilities, TextPiece[] pieces) =>
        new(
            row,
            text,
            probabilities,
            [
                .. pieces
                    .Where(piece => piece.Probabilities.Count == probabilities.Count)
                    .Select(piece => new TaughtPiece(
                        text[piece.Start..piece.End],
                        probabilities.Keys.Zip(piece.Probabilities).ToDictionary(label => label.First, label => label.Second)
                    )),
            ]
        );

    private static TextPiece[] Pieces(JsonElement line) =>
        line.TryGetProperty("pieces", out var pieces) ? pieces.Deserialize<TextPiece[]>(JobsJson.Lines)! : [];

    private static Dictionary<string, double>? Probabilities(JsonElement line) =>
        line.TryGetProperty("prediction", out var prediction) && prediction.TryGetProperty("labels", out var labels)
            ? labels
                .EnumerateArray()
                .Where(label => label.TryGetProperty("probability", out _))
                .DistinctBy(label => label.GetProperty("label").GetString())
                .ToDictionary(label => label.GetProperty("label").GetString()!, label => label.GetProperty("probability").GetDouble())
            : null;

    /// <summary>The evidence.</summary>
    public async Task WriteEvidenceAsync(string service, Stream target, CancellationToken cancellationToken)
    {
        using var evidence = new Evidence(target);
        var manifest = new Manifest
        {
            Job = job,
            Service = service,
            Check = "sha256sum -c SHA256SUMS",
        };
        await evidence
            .AddAsync("manifest.json", JsonSerializer.Serialize(manifest, JobsJson.Of<Manifest>()) + "\n", cancellationToken)
            .ConfigureAwait(false);
        var summary = await SummaryAsync(Top, LeastDocuments, cancellationToken).ConfigureAwait(false);
        if (job.Report != false)
        {
            await evidence
                .AddAsync("report.html", await ReportAsync(summary, cancellationToken).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
        }

        await evidence
            .AddAsync("summary.json", JsonSerializer.Serialize(summary, JobsJson.Of<JobSummary>()) + "\n", cancellationToken)
            .ConfigureAwait(false);
        await evidence.AddAsync("results.ndjson", results(cancellationToken), cancellationToken).ConfigureAwait(false);
        await evidence.EndAsync(cancellationToken).ConfigureAwait(false);
    }
}
