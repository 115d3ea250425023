using System.Diagnostics;

namespace ExplainService.Methods.Pipeline;

/// <summary>What is traced of explanations: names and counts, never text. Whoever listens is not known here.</summary>
internal static class MethodTraces
{
    private static readonly ActivitySource Source = new("ExplainService.Methods");

    /// <summary>An explanation from its request to its answer; null: nobody traces what it is a part of.</summary>
    /// <param name="method">The method's path.</param>
    public static Activity? Explanation(string method) =>
        Activity.Current is null ? null : Source.StartActivity("explain")?.SetTag("explain.method", method.TrimStart('/'));

    /// <summary>A text to tokens and units.</summary>
    public static Activity? Tokens() => Activity.Current is null ? null : Source.StartActivity("tokens");

    /// <summary>Notes what was made of the text.</summary>
    public static void Made(this Activity? tokens, PreparedInput input) =>
        tokens?.SetTag("explain.tokens", input.Tokens.Tokens.Count).SetTag("explain.windows", input.Windows.Count);

    /// <summary>Notes what became of the explanation: the kind of what went wrong alone, since a message may quote its input.</summary>
    public static void Failed(this Activity? explanation, Exception error) =>
        explanation?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.GetType().FullName);
}
