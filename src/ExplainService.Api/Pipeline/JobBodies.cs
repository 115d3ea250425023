using ExplainService.Api.Access;
using ExplainService.Api.Audit;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Jobs.Contracts;
using ExplainService.Jobs.Service;
using ExplainService.Methods.Contracts;
using ExplainService.Protocol.Json;
using ExplainService.Protocol.Privacy;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ExplainService.Api.Pipeline;

/// <summary>Bodies of <c>POST /jobs</c>: JSON, or the parts <c>job</c> and <c>file</c> of a form, in any order.</summary>
internal sealed class JobBodies(
    JobService jobs,
    IModelRegistry models,
    CallerAccounts accounts,
    AuditTrail audit,
    TimeProvider time,
    Redaction redaction,
    WorkMemory memory,
    IOptions<ServerLimits> limits
)
{
    private const string JobPart = "job";
    private const string FilePart = "file";

    /// <summary>Reads one, and begins its job.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    /// <exception cref="RefusedRequestException">413, 415.</exception>
    public async Task<JobAnswer> PostAsync(HttpContext context)
    {
        accounts.CheckBudget(RequestFacts.Of(context).Caller);
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length > 200)
        {
            throw InvalidRequestException.Malformed("Idempotency-Key", "must have at most 200 characters");
        }

        var idempotency = key.Length == 0 ? null : key;
        if (FormReading.IsForm(context.Request))
        {
            return await PostFormAsync(context, idempotency).ConfigureAwait(false);
        }

        var request = await ReadAsync<JobRequest>(context).ConfigureAwait(false);
        return await CreateAsync(context, request, null, idempotency).ConfigureAwait(false);
    }

    /// <summary>Reads a body of JSON.</summary>
    /// <exception cref="InvalidRequestException">400.</exception>
    /// <exception cref="RefusedRequestException">413, 415.</exception>
    public async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (RequestBody.Kind(context.Request) != BodyKind.Json)
        {
            throw new RefusedRequestException(415, "Send application/json; a job with its file is multipart/form-data.");
        }

        var stop = context.RequestAborted;
        using var share = memory.Open(RequestFacts.Of(context).Account);
        var body = await RequestBody.ReadAsync(context.Request, limits.Value.MaxBodyBytes, share, stop).ConfigureAwait(false);
        await share.TakeAsync(WorkBytes.Of(body.Length), stop).ConfigureAwait(false);
        return Read<T>(body);
    }

    /// <summary>Begins a job of the caller's, over models that are theirs.</summary>
    private async Task<JobAnswer> CreateAsync(HttpContext context, JobRequest request, IAsyncDisposable? file, string? key)
    {
        var facts = RequestFacts.Of(context);
        var (caller, started) = (facts.Caller, time.GetUtcNow());
        if (caller is { Models: not null })
        {
            var named = ModelNames.Of(request);
            foreach (var model in named)
            {
                caller.CheckModel(model, models.Default);
            }

            // Of a job that would find out by itself the reason names every model.
            if (named.Contains(null) && models.Default is null && request.Input?.Job is null && models.Error is null)
            {
                throw ModelNotFoundException.NoDefault([.. models.Names.Where(name => caller.MayUse(name))]);
            }
        }

        if (caller is not null && !caller.Scopes.Contains(Scopes.AllJobs))
        {
            foreach (var other in new[] { request.Input?.Job, request.Against?.Job }.OfType<string>())
            {
                await jobs.CheckOwnerAsync(other, caller.Id, context.RequestAborted).ConfigureAwait(false);
            }
        }

        // What cannot be written down is not done; the same job once more is begun already.
        var isWritten = false;
        var job = await jobs.CreateAsync(request, file, key, context.RequestAborted, caller?.Id, Write).ConfigureAwait(false);
        if (!isWritten)
        {
            Write(job);
        }

        return job;

        void Write(JobAnswer posted)
        {
            isWritten = true;
            audit.Posted(new AuditSource(caller?.Id, facts.TraceId, "/jobs", started), request, posted);
        }
    }

    private T Read<T>(ReadOnlyMemory<byte> body)
        where T : class => (T)StrictJson.Read(JobsJson.Of<T>(), redaction.Masked(body));

    private async Task<JobAnswer> PostFormAsync(HttpContext context, string? key)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The file is counted as it comes.
            size.MaxRequestBodySize = null;
        }

        var reader = FormReading.Open(context.Request, context.Request.Body);
        reader.BodyLengthLimit = null;
        JobRequest? request = null;
        IAsyncDisposable? file = null;
        try
        {
            while (await FormReading.NextAsync(reader, context.RequestAborted).ConfigureAwait(false) is { } part)
            {
                var name = part.GetContentDispositionHeader()?.Name.Value?.Trim('"');
                if (name == JobPart && request is null)
                {
                    request = Read<JobRequest>(await ReadAsync(part.Body, context.RequestAborted).ConfigureAwait(false));
                }
                else if (name == FilePart && file is null)
                {
                    file = await jobs.ReceiveAsync(part.Body, redaction.Masked(FileName(part)), context.RequestAborted)
                        .ConfigureAwait(false);
                }
                else
                {
                    throw InvalidRequestException.Malformed("(form)", "must have one part \"job\" and one part \"file\", and no other");
                }
            }

            return await CreateAsync(
                    context,
                    request ?? throw InvalidRequestException.Malformed(JobPart, "is required: a part with the job as JSON"),
                    file,
                    key
                )
                .ConfigureAwait(false);
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private static string FileName(MultipartSection part)
    {
        var header = part.GetContentDispositionHeader();
        var name = HeaderUtilities.RemoveQuotes(header?.FileNameStar.HasValue == true ? header.FileNameStar : header?.FileName ?? default);
        // Browsers of old sent whole paths.
        return Path.GetFileName(name.Value?.Replace('\\', '/')) is { Length: > 0 } last ? last[..Math.Min(last.Length, 200)] : "upload";
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream part, CancellationToken stop)
    {
        var most = limits.Value.MaxBodyBytes;
        using var body = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = await part.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0; )
        {
            if (body.Length + read > most)
            {
                throw new RefusedRequestException(413, FormattableString.Invariant($"The part \"job\" is over the limit of {most} bytes."));
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
