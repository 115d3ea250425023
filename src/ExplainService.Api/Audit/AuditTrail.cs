using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Api.Audit;

/// <summary>What is written into the audit log: explanations, one a line of streams, jobs, and what is done to models and jobs.</summary>
internal sealed class AuditTrail(AuditFile file, IModelRegistry models)
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(30);

    /// <summary>An explanation, before its caller has it: one that cannot be written down is not given.</summary>
    /// <exception cref="ServiceBusyException">503.</exception>
    public async Task AnsweredAsync(AuditSource source, ExplainRequest request, Explanation answer, CancellationToken cancellationToken)
    {
        if (file.IsKept)
        {
            var hash = await AuditParameters.HashAsync(answer, cancellationToken).ConfigureAwait(false);
            Append(Entry(source, request, answer.Model, "answered") with { Seed = answer.Seed ?? request.Seed, AnswerSha256 = hash });
        }
    }

    /// <summary>A request that was read, and refused or failed.</summary>
    /// <param name="source">Who asked, and how.</param>
    /// <param name="request">What.</param>
    /// <param name="outcome">The kind of its problem.</param>
    public void Refused(AuditSource source, ExplainRequest request, string outcome)
    {
        if (file.IsKept)
        {
            Append(Entry(source, request, request.Model ?? models.Default, outcome) with { Seed = request.Seed });
        }
    }

    /// <summary>A job that was posted; its rows are in its evidence.</summary>
    public void Posted(AuditSource source, JobRequest request, JobAnswer job)
    {
        if (!file.IsKept)
        {
            return;
        }

        var model =
            job.Request is { ValueKind: JsonValueKind.Object } asked && asked.TryGetProperty("model", out var named)
                ? named.GetString()
                : models.Default;
        Append(
            Entry(source, model, "posted") with
            {
                InputSha256 = job.Input.Sha256,
                Parameters = AuditParameters.Of(request.Request),
                Job = job.Id,
            }
        );
    }

    /// <summary>Something that was done to a model or a job, or that was refused.</summary>
    /// <param name="source">Who did it.</param>
    /// <param name="model">The model, as it was named.</param>
    /// <param name="job">The job; null: there is none of that name.</param>
    /// <param name="outcome"><c>done</c>, or the kind of the problem.</param>
    public void Managed(AuditSource source, string? model, string? job, string outcome)
    {
        if (file.IsKept)
        {
            Append(Entry(source, model, outcome) with { Job = job });
        }
    }

    private AuditEntry Entry(AuditSource source, ExplainRequest request, string? model, string outcome) =>
        Entry(source, model, outcome) with
        {
            InputSha256 = AuditParameters.InputOf(request),
            Parameters = AuditParameters.Of(request),
        };

    private AuditEntry Entry(AuditSource source, string? model, string outcome) =>
        new()
        {
            Started = source.Started,
            Retries = source.Retries > 0 ? source.Retries : null,
            Who = source.Who,
            TraceId = source.TraceId,
            Method = source.Method,
            Model = Known(model),
            ModelSha256 = HashOf(model),
            Outcome = outcome,
        };

    /// <summary>The name of a model that there is: any other is whatever a client likes.</summary>
    private string? Known(string? model) => model is not null && models.Names.Contains(model) ? model : null;

    private string? HashOf(string? model)
    {
        try
        {
            return Known(model) is { } name ? models.Find(name).FileHash : null;
        }
        catch (ModelNotFoundException)
        {
            return null;
        }
    }

    private void Append(AuditEntry entry)
    {
        try
        {
            file.Append(entry);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ServiceBusyException(
                "The audit log cannot be written, and nothing is answered without it.",
                After,
                unavailable: true
            );
        }
    }
}

/// <summary>Where a request came from.</summary>
/// <param name="Who">Who asked; null: whoever reached the port.</param>
/// <param name="TraceId">Finds it in the log.</param>
/// <param name="Method">The method's path.</param>
/// <param name="Started">When work on it began.</param>
/// <param name="Retries">How often it was tried in vain before.</param>
internal sealed record AuditSource(string? Who, string? TraceId, string Method, DateTimeOffset Started, int Retries = 0);
