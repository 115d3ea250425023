using System.CommandLine;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Api.CommandLine;

/// <summary><c>audit</c>: a job without a server. <c>audit reviews.csv --endpoint /shap --output out/</c>.</summary>
internal static class AuditCommand
{
    /// <summary>What the command line begins with.</summary>
    public const string Name = "audit";

    /// <summary>
    /// The command. Its exit code is 0; 1: it failed, or was asked for what cannot be; 2: a gate is not met.
    /// </summary>
    /// <param name="build">The service with some settings, not started.</param>
    public static Command Create(Func<IReadOnlyDictionary<string, string?>, WebApplication> build)
    {
        var file = new Argument<FileInfo>("file") { Description = "NDJSON, CSV, TSV or Parquet; packed by gzip or zstd or not" };
        var output = new Option<DirectoryInfo>("--output", "-o")
        {
            Description = "Where results.ndjson, summary.json, report.html and evidence.zip go; an audit that was broken off there goes on",
            DefaultValueFactory = _ => new DirectoryInfo("audit"),
        };
        var kind = new Option<string?>("--kind")
        {
            Description = "predict, explain, importance, global, surrogate, compare, neurons, drift; default by --endpoint and --against",
        };
        var endpoint = new Option<string?>("--endpoint") { Description = "What every row is asked, as in /shap; without one, predictions" };
        var model = new Option<string?>("--model") { Description = "The model; default: the only or the configured one" };
        var request = new Option<string?>("--request") { Description = "Further fields of what every row is asked, as JSON" };
        var against = new Option<string?>("--against")
        {
            Description = "Another model, which is asked the same: how far the answers have drifted from its",
        };
        var text = new Option<string?>("--text") { Description = "The column of texts (text)" };
        var label = new Option<string?>("--label") { Description = "The column of true labels (label)" };
        var id = new Option<string?>("--id") { Description = "The column of the rows' names (id)" };
        var gate = new Option<FileInfo?>("--gate")
        {
            Description = "A YAML list of gates, as in \"- accuracy >= 0.9\"; exit code 2 where one is not met",
        };
        var command = new Command(Name, "Runs a whole file of predictions or explanations and writes what an auditor keeps")
        {
            file,
            output,
            kind,
            endpoint,
            model,
            against,
            request,
            text,
            label,
            id,
            gate,
        };
        command.SetAction(
            (parsed, stop) =>
                AuditRun.RunAsync(
                    new AuditOptions(
                        parsed.GetRequiredValue(file),
                        parsed.GetRequiredValue(output),
                        parsed.GetValue(gate),
                        () =>
                            AuditRequest.Of(
                                parsed.GetValue(kind),
                                parsed.GetValue(endpoint),
                                parsed.GetValue(model),
                                parsed.GetValue(against),
                                parsed.GetValue(request),
                                new JobColumns
                                {
                                    Text = parsed.GetValue(text),
                                    Label = parsed.GetValue(label),
                                    Id = parsed.GetValue(id),
                                }
                            )
                    ),
                    build,
                    stop
                )
        );
        return command;
    }
}

/// <summary>What an audit is asked.</summary>
/// <param name="File">The input.</param>
/// <param name="Output">Where its papers go.</param>
/// <param name="Gate">What must hold.</param>
/// <param name="Job">The job as JSON, as <c>POST /jobs</c> takes it.</param>
internal sealed record AuditOptions(FileInfo File, DirectoryInfo Output, FileInfo? Gate, Func<byte[]> Job);
