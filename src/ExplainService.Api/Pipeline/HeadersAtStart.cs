namespace ExplainService.Api.Pipeline;

/// <summary>Headers that every answer has, a problem too, which clears those of the answer that it takes the place of.</summary>
internal static class HeadersAtStart
{
    /// <summary>Sets headers when the answer starts.</summary>
    public static void AtStart(this HttpResponse response, Action<IHeaderDictionary> set) =>
        response.OnStarting(() =>
        {
            set(response.Headers);
            return Task.CompletedTask;
        });
}
