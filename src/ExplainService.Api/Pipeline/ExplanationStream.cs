using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Lines;
using ExplainService.Protocol.Privacy;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Pipeline;

/// <summary>The line loop over HTTP.</summary>
internal sealed class ExplanationStream(
    ExplanationRunner runner,
    Negotiation negotiation,
    WorkMemory memory,
    Redaction redaction,
    IOptions<ServerLimits> limits,
    BodyLimit limit,
    TimeProvider time,
    ILogger<ExplanationStream> log
)
{
    private readonly LineLoop loop = new(
        new LineLimits(
            limit.Most,
            limits.Value.StreamWindow,
            limits.Value.StreamReadAheadBytes,
            TimeSpan.FromSeconds(limits.Value.MaxRequestSeconds),
            TimeSpan.FromSeconds(limits.Value.MaxStreamIdleSeconds),
            limits.Value.MinBytesPerSecond
        ),
        time
    );

    /// <summary>Answers a stream until its end, or until the client leaves.</summary>
    public async Task ServeAsync(Type requestType, HttpContext context, RequestClock clock)
    {
        negotiation.CheckStream(context.Request);
        LiftBodyLimits(context);
        var response = context.Response;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await response.StartAsync(clock.ClientLeft).ConfigureAwait(false);
        var answerer = new Answerer(runner, memory, redaction, limit, RequestFacts.Of(context), log);
        await loop.RunAsync(requestType, context.Request.BodyReader, response.BodyWriter, answerer, clock).ConfigureAwait(false);
    }

    private static void LiftBodyLimits(HttpContext context)
    {
        // A stream may be long, and may pause while its client waits for answers: its own watch ends it when nothing comes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private sealed class Answerer(
        ExplanationRunner runner,
        WorkMemory memory,
        Redaction redaction,
        BodyLimit limit,
        RequestFacts facts,
        ILogger log
    ) : ILineAnswerer
    {
        public ReadOnlyMemory<byte> Received(ReadOnlyMemory<byte> line) => redaction.Masked(line);

        public async Task<Explanation> AnswerAsync(ExplainRequest request, LineWork line, RequestClock clock)
        {
            limit.Check(line.Length, (request as TextRequest)?.Image?.Length ?? 0);
            var share = memory.Open(facts.Account, line.Turn);
            try
            {
                await share.TakeAsync(WorkBytes.Of(line.Length), clock.Stop).ConfigureAwait(false);
                var explanation = await runner
                    .RunAsync(request, WorkPriority.Batch, facts, share, clock, tries: line.Tries)
                    .ConfigureAwait(false);
                line.IsLarge = share.IsLarge;
                line.Hold(share);
                return explanation;
            }
            catch
            {
                share.Dispose();
                throw;
            }
        }

        public void Answered(LineWork line, Exception? failure)
        {
            if (failure is not null && !ProblemMapper.IsExpected(failure))
            {
                log.UnhandledException(failure);
            }

            facts.CountLine(line.Number, failed: failure is not null);
        }
    }
}
