using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Pipeline;

/// <summary>Another form of an explanation than JSON: register one and every endpoint offers it.</summary>
public interface IExplanationRenderer
{
    /// <summary>What <c>?format=</c> calls it: <c>svg</c>, <c>png</c>, <c>html</c>.</summary>
    string Format { get; }

    /// <summary>What <c>Accept</c> calls it: <c>image/svg+xml</c>.</summary>
    string MediaType { get; }

    /// <summary>Draws an explanation.</summary>
    /// <param name="explanation">What to draw.</param>
    /// <param name="options">The query string (<c>view</c>, <c>width</c>, <c>theme</c>, …).</param>
    /// <returns>The picture's bytes.</returns>
    /// <exception cref="InvalidRequestException">The options are wrong, or this explanation has no such view.</exception>
    ReadOnlyMemory<byte> Render(Explanation explanation, IQueryCollection options);
}
