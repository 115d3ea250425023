using System.Globalization;
using ExplainService.Api.Access;
using ExplainService.Api.Audit;
using ExplainService.Api.Contracts;
using ExplainService.Api.Explorer;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Jobs;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Service;
using ExplainService.Methods.Contracts;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Endpoints;

/// <summary>Jobs: whole files of requests.</summary>
internal static class JobEndpoints
{
    /// <summary>What the document calls them.</summary>
    public const string Tag = "jobs";

    /// <summary>The name of the operation that begins one.</summary>
    public const string Post = "post_job";

    /// <summary>The name of the operation that asks the surrogates of one.</summary>
    public const string AskSurrogate = "ask_surrogate";

    private const string Zip = "application/zip";

    private static readonly ExplorerFile Page = ExplorerFiles.All.Single(file => file.Path == ExplorerFiles.JobsPage);

    /// <summary>Maps the endpoints; not of a process that only works.</summary>
    public static void MapJobs(this WebApplication app)
    {
        if (app.Services.GetRequiredService<JobOptions>().Role == JobRole.Worker)
        {
            return;
        }

        var all = app.MapGroup("/jobs").WithTags(Tag).WithMetadata(new NeededScope(Scopes.Jobs, Scopes.AllJobs));
        var jobs = all.MapGroup("").AddEndpointFilter(HideOthersAsync);
        // That somebody tried it on a job of others is written down too.
        var acts = all.MapGroup("").AuditedJobs().AddEndpointFilter(HideOthersAsync);
        jobs.MapPost("", PostAsync)
            .WithName(Post)
            .WithSummary(
                "Begins a job over a file, uploaded or below Jobs:InputDirectory, or over texts; Idempotency-Key makes a repeated POST the same job"
            )
            .Accepts<JobRequest>("application/json", "multipart/form-data")
            .Produces<JobAnswer>(StatusCodes.Status202Accepted);
        jobs.MapRead("", ListAsync)
            .WithName("list_jobs")
            .WithMetadata(new OpenAsFile(ExplorerEndpoints.WantsPage))
            .WithSummary("Jobs, newest first; for browsers (Accept: text/html) a page of them")
            .Produces<JobList>();
        jobs.MapRead("/{id}", GetAsync).WithName("get_job").WithSummary("How far a job is").Produces<JobAnswer>();
        jobs.MapRead("/{id}/results", ResultsAsync)
            .WithName("job_results")
            .WithSummary("Results in the order of the rows, each with its row's number and id; also while the job runs")
            .Produces<string>(contentType: JobResults.Types.First(), additionalContentTypes: [.. JobResults.Types.Skip(1)]);
        jobs.MapRead("/{id}/summary", SummaryAsync)
            .WithName("job_summary")
            .WithSummary("What all results so far say together: labels, performance, words, importance")
            .Produces<JobSummary>();
        jobs.MapRead("/{id}/report", ReportAsync)
            .WithName("job_report")
            .WithSummary("A page for people about the results so far: stands alone, prints well")
            .Produces<string>(contentType: "text/html");
        jobs.MapRead("/{id}/evidence", EvidenceAsync)
            .WithName("job_evidence")
            .WithSummary("A zip of manifest, report, summary, results and their SHA-256 sums; the same bytes for the same job")
            .Produces<string>(contentType: Zip);
        jobs.MapRead("/{id}/surrogate", SurrogateAsync)
            .WithName("job_surrogate")
            .WithSummary("The surrogates of a job of kind surrogate, for use elsewhere")
            .Produces<SurrogateFile>();
        jobs.MapPost("/{id}/surrogate/predict", AskSurrogateAsync)
            .WithName(AskSurrogate)
            .WithSummary("What the surrogates of a job say of a text")
            .Accepts<SurrogateRequest>("application/json")
            .Produces<SurrogateAnswer>();
        jobs.MapRead("/{id}/events", JobEvents.WriteAsync)
            .WithName("job_events")
            .WithSummary("The job at each change, as server-sent events")
            .Produces<string>(contentType: "text/event-stream");
        acts.MapPost("/{id}/cancel", Change((service, id, stop) => service.CancelAsync(id, stop)))
            .WithName("cancel_job")
            .WithSummary("Ends a job; what has a result keeps it")
            .Produces<JobAnswer>();
        acts.MapPost("/{id}/pause", Change((service, id, stop) => service.PauseAsync(id, stop)))
            .WithName("pause_job")
            .WithSummary("Begins nothing more of a job until it is resumed")
            .Produces<JobAnswer>();
        acts.MapPost("/{id}/resume", Change((service, id, stop) => service.ResumeAsync(id, stop)))
            .WithName("resume_job")
            .WithSummary("Goes on with a job that was paused or has failed")
            .Produces<JobAnswer>();
        acts.MapDelete("/{id}", DeleteAsync)
            .WithName("delete_job")
            .WithSummary("Removes a job with its texts and results")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> PostAsync(HttpContext context, JobBodies bodies)
    {
        var job = await bodies.PostAsync(context).ConfigureAwait(false);
        context.Response.Headers.Location = $"{context.Request.PathBase}/jobs/{job.Id}";
        return Results.Json(job, ApiJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(HttpContext context, JobService jobs, string? state, string? limit, string? after)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (ExplorerEndpoints.WantsPage(context.Request))
        {
            return ExplorerEndpoints.Send(context, Page);
        }

        RefuseOthers(context.Request.Query, "state", "limit", "after");
        JobState? wanted =
            state is null ? null
            : EnumNames.TryRead<JobState>(state, out var known) ? known
            : throw InvalidRequestException.Malformed("state", "must be " + EnumNames.Choices<JobState>());
        var most = Number("limit", limit, 1, JobService.MaxLimit) ?? JobService.DefaultLimit;
        return Answer(await jobs.ListAsync(wanted, (int)most, after, context.RequestAborted, Sees(context)).ConfigureAwait(false));
    }

    private static async Task<IResult> GetAsync(string id, JobService jobs, CancellationToken stop) =>
        Answer(await jobs.GetAsync(id, stop).ConfigureAwait(false));

    private static async Task ResultsAsync(string id, HttpContext context, JobService jobs, string? after, string? format)
    {
        RefuseOthers(context.Request.Query, "after", "format");
        var row = Number("after", after, 0, long.MaxValue) ?? 0;
        var job = await jobs.GetAsync(id, context.RequestAborted).ConfigureAwait(false);
        await JobResults.WriteAsync(context, jobs, job, format, row).ConfigureAwait(false);
    }

    private static async Task<IResult> SummaryAsync(string id, HttpContext context, JobService jobs, string? top, string? min_documents)
    {
        RefuseOthers(context.Request.Query, "top", "min_documents");
        var most = Number("top", top, 1, JobService.MaxTop) ?? JobService.DefaultTop;
        var least = Number("min_documents", min_documents, 1, int.MaxValue) ?? 1;
        return Answer(await jobs.SummaryAsync(id, (int)most, (int)least, context.RequestAborted).ConfigureAwait(false));
    }

    private static async Task<IResult> ReportAsync(string id, HttpContext context, JobService jobs)
    {
        var page = await jobs.ReportAsync(id, context.RequestAborted).ConfigureAwait(false);
        // Whatever a text holds: nothing in the page runs, loads or is sent.
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(page, "text/html; charset=utf-8");
    }

    private static async Task EvidenceAsync(string id, HttpContext context, JobService jobs)
    {
        var job = await jobs.GetAsync(id, context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = Zip;
        context.Response.Headers.ContentDisposition = $"attachment; filename=evidence-{job.Id}.zip";
        context.Response.Headers.CacheControl = "no-store";
        await jobs.WriteEvidenceAsync(id, ServiceVersion.Number, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<IResult> SurrogateAsync(string id, JobService jobs, CancellationToken stop) =>
        Answer(await jobs.SurrogateAsync(id, stop).ConfigureAwait(false));

    private static async Task<IResult> AskSurrogateAsync(string id, HttpContext context, JobService jobs, JobBodies bodies) =>
        Answer(
            await jobs.AskSurrogateAsync(
                    id,
                    await bodies.ReadAsync<SurrogateRequest>(context).ConfigureAwait(false),
                    context.RequestAborted
                )
                .ConfigureAwait(false)
        );

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, JobService jobs)
    {
        RequestBody.RefuseUntyped(context.Request);
        await jobs.DeleteAsync(id, context.RequestAborted).ConfigureAwait(false);
        return Results.NoContent();
    }

    /// <summary>Whose jobs a caller sees: their own; null: all.</summary>
    private static string? Sees(HttpContext context) =>
        RequestFacts.Of(context).Caller is { } caller && !caller.Scopes.Contains(Scopes.AllJobs) ? caller.Id : null;

    /// <summary>A job of somebody else is answered as one that does not exist, whatever is asked of it.</summary>
    private static async ValueTask<object?> HideOthersAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (Sees(context) is { } owner && context.GetRouteValue("id") is string id)
        {
            var jobs = context.RequestServices.GetRequiredService<JobService>();
            await jobs.CheckOwnerAsync(id, owner, context.RequestAborted).ConfigureAwait(false);
        }

        return await next(invocation).ConfigureAwait(false);
    }

    private static Func<string, HttpContext, JobService, Task<IResult>> Change(
        Func<JobService, string, CancellationToken, Task<JobAnswer>> change
    ) =>
        async (id, context, jobs) =>
        {
            RequestBody.RefuseUntyped(context.Request);
            return Answer(await change(jobs, id, context.RequestAborted).ConfigureAwait(false));
        };

    private static void RefuseOthers(IQueryCollection query, params string[] known)
    {
        if (query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw InvalidRequestException.Malformed(unknown, "is not a query parameter of this request");
        }
    }

    private static long? Number(string name, string? given, long least, long most) =>
        given is null ? null
        : long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
        : throw InvalidRequestException.Malformed(name, FormattableString.Invariant($"must be a whole number from {least} to {most}"));

    private static IResult Answer<T>(T answer) => Results.Json(answer, ApiJson.Options);
}
