using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExplainService.Api.Limits;
using ExplainService.Api.Telemetry;
using ExplainService.Methods;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Protocol.Json;
using ExplainService.Rendering;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using ExplainService.Runtime;
using ExplainService.Runtime.Models;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Explains a few words by every method and draws the answers in every form once the models to preload are there, so that the first client
/// does not wait for what a process does once: compiling its code, reading fonts. Requests go first.
/// </summary>
internal sealed class Rehearsal(
    IModelRegistry models,
    IExplainer explainer,
    MethodCatalog catalog,
    RequestPipeline pipeline,
    IServiceProvider services,
    ModelOptions options,
    Readiness readiness
) : BackgroundService
{
    /// <summary>Eight tokens for most models: as many as a vector has, and few enough for the sets of all methods to cost little.</summary>
    private const string Text = "A fine day for a film";

    /// <summary>What takes longer is known well enough by then.</summary>
    private const int DeadlineMilliseconds = 3000;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.PrepareForms)
        {
            return;
        }

        var names = await readiness.WhenPreloaded.WaitAsync(stoppingToken).ConfigureAwait(false);
        if (names.FirstOrDefault(IsLoaded) is not { } model)
        {
            return;
        }

        foreach (var method in catalog.Methods)
        {
            await TryAsync(method, Body(method, model, []), stoppingToken).ConfigureAwait(false);
            if (method.Example.Count > 0)
            {
                await TryAsync(method, Body(method, model, method.Example), stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private bool IsLoaded(string name)
    {
        try
        {
            return models.Find(name).State == ModelState.Loaded;
        }
        catch (ModelNotFoundException)
        {
            return false;
        }
    }

    /// <summary>What this model does not allow, or has no time for now, a client will be told.</summary>
    private async Task TryAsync(IExplanationMethod method, byte[] body, CancellationToken stoppingToken)
    {
        try
        {
            await DrawAsync((TextRequest)StrictJson.Read(method.RequestType, body), stoppingToken).ConfigureAwait(false);
            await ServeAsync(method, body, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            // Some methods want more than a text, and some tasks; a fault is told to the client who meets it, and stops no service.
        }
    }

    /// <summary>Behind requests, in every form of its picture.</summary>
    private async Task DrawAsync(TextRequest request, CancellationToken stoppingToken)
    {
        using var clock = new RequestClock(stoppingToken, readiness.DrainExpired);
        var explanation = await explainer
            .ExplainAsync(request, new WorkOptions { Priority = WorkPriority.Batch }, clock)
            .ConfigureAwait(false);
        var subject = Subject.Of(request, explanation);
        if (Pictures.Of(subject).Count == 0)
        {
            return;
        }

        var scene = Pictures.Draw(subject, PictureOptions.Default);
        foreach (var format in PictureFormat.All)
        {
            format.Write(scene, PictureOptions.Default.Theme, stoppingToken);
        }
    }

    /// <summary>The same again as it comes over HTTP: its rows are remembered, so that it costs next to nothing.</summary>
    private async Task ServeAsync(IExplanationMethod method, byte[] body, CancellationToken stoppingToken)
    {
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = stoppingToken };
        context.Features.Set(new RequestFacts { IsRehearsal = true });
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = method.Path;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        // As over a connection the body comes after its headers and the answer is read as it is written: what waits is compiled too.
        var (content, answer) = (new Pipe(), new Pipe());
        context.Request.Body = content.Reader.AsStream();
        context.Response.Body = answer.Writer.AsStream();
        var whole = await pipeline.Whole.WaitAsync(stoppingToken).ConfigureAwait(false);
        var serving = whole(context);
        await content.Writer.WriteAsync(body, stoppingToken).ConfigureAwait(false);
        await content.Writer.CompleteAsync().ConfigureAwait(false);
        var reading = answer.Reader.CopyToAsync(Stream.Null, stoppingToken);
        try
        {
            await serving.ConfigureAwait(false);
        }
        finally
        {
            await answer.Writer.CompleteAsync().ConfigureAwait(false);
        }

        await reading.ConfigureAwait(false);
    }

    private static byte[] Body(IExplanationMethod method, string model, JsonObject fields)
    {
        var body = new JsonObject
        {
            ["text"] = Text,
            ["model"] = model,
            ["deadline_ms"] = DeadlineMilliseconds,
        };
        foreach (var (field, value) in fields)
        {
            body[field] = value?.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
