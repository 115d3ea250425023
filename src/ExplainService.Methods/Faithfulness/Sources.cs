using System.Collections;
using System.Reflection;
using System.Text.Json;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Faithfulness;

/// <summary>
/// What explanations that are judged say of their text: nothing that is theirs to say. Units, target and objective stand in the outer request
/// for all of them; where one says them in its place, the outer request takes them over.
/// </summary>
internal static class Sources
{
    private static readonly string[] OfTheRequestAlone =
    [
        nameof(TextRequest.Text),
        nameof(TextRequest.Image),
        nameof(TextRequest.Messages),
        nameof(TextRequest.Pair),
        nameof(ExplainRequest.Model),
        nameof(ExplainRequest.Id),
        nameof(ExplainRequest.DeadlineMs),
        nameof(ExplainRequest.Quality),
    ];

    private static readonly PropertyInfo[] Shared =
    [
        .. typeof(TextRequest).GetProperties().Where(property => property.CanWrite && property.Name is not nameof(ExplainRequest.Seed)),
    ];

    /// <summary>The outer request with what its explanations say in its place.</summary>
    /// <param name="request">The outer request; a copy of the caller's.</param>
    /// <param name="source">An explanation of it.</param>
    /// <param name="field">Where that stands.</param>
    /// <exception cref="InvalidRequestException">It says what is the outer request's alone, or something else than it (400).</exception>
    public static void Lift(TextRequest request, ExplanationSource source, string field)
    {
        if (source.Request is not { } inner)
        {
            return;
        }

        foreach (var property in Shared)
        {
            if (property.GetValue(inner) is not { } said)
            {
                continue;
            }

            var name = $"{field}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}";
            if (OfTheRequestAlone.Contains(property.Name))
            {
                throw InvalidRequestException.Malformed(name, "is the same for all: it stands in the request itself");
            }

            var outer = property.GetValue(request);
            if (outer is null)
            {
                property.SetValue(request, said);
            }
            else if (!IsSame(outer, said))
            {
                throw InvalidRequestException.Malformed(name, "is the same for all, and the request itself says something else");
            }
        }
    }

    /// <summary>The outer request about the spans of scores, where an explanation has some: they are the units of all.</summary>
    /// <typeparam name="TRequest">What it is.</typeparam>
    /// <param name="request">The outer request, with what its explanations say in its place.</param>
    /// <param name="sources">The explanations, and where they stand.</param>
    /// <exception cref="InvalidRequestException">Other units are asked for too (400).</exception>
    public static TRequest OnUnitsOf<TRequest>(TRequest request, IReadOnlyList<(ExplanationSource Source, string Field)> sources)
        where TRequest : TextRequest
    {
        if (sources.FirstOrDefault(one => one.Source.Scores is not null) is not { Source.Scores: { } scores, Field: var field })
        {
            return request;
        }

        if (request.Spans is not null || request.Granularity is not null)
        {
            throw InvalidRequestException.Malformed(
                request.Spans is not null ? "spans" : "granularity",
                $"must not stand beside {field}.scores, whose spans are the units"
            );
        }

        return request with
        {
            Spans = [.. scores.Select(score => new[] { score.Start, score.End })],
        };
    }

    /// <summary>Whether two requests say the same, lists by what is in them.</summary>
    private static bool IsSame(object? left, object? right) =>
        Equals(left, right)
        || (left, right) switch
        {
            (string, _) or (null, _) or (_, null) => false,
            (IEnumerable one, IEnumerable other) => IsSame([.. one.Cast<object?>()], [.. other.Cast<object?>()]),
            _ => left.GetType() == right.GetType()
                && left.GetType() is { IsPrimitive: false, IsEnum: false } type
                && IsSame(
                    [.. type.GetProperties().Select(property => property.GetValue(left))],
                    [.. type.GetProperties().Select(property => property.GetValue(right))]
                ),
        };

    private static bool IsSame(object?[] left, object?[] right) =>
        left.Length == right.Length && left.Zip(right).All(pair => IsSame(pair.First, pair.Second));
}
