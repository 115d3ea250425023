namespace ExplainService.Api.Hosting;

/// <summary>All middleware and endpoints behind the server, for requests that come over no connection.</summary>
internal sealed class RequestPipeline
{
    private readonly TaskCompletionSource<RequestDelegate> whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>There when the application has started.</summary>
    public Task<RequestDelegate> Whole => whole.Task;

    /// <summary>Notes what was built.</summary>
    public void Built(RequestDelegate pipeline) => whole.TrySetResult(pipeline);
}
