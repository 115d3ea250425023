using System.Text;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Pipeline;

/// <summary>What no request may say, whatever the model: answered 400 with every field that is at fault.</summary>
public static class RequestChecks
{
    /// <summary>The most own units that a request may list.</summary>
    public const int MostSpans = 10_000;

    /// <summary>The most tokens that a request may have generated.</summary>
    public const int MostNewTokens = 512;

    /// <summary>Checks the common fields.</summary>
    /// <exception cref="InvalidRequestException">400 with the fields.</exception>
    public static void Check(ExplainRequest request)
    {
        var errors = new Dictionary<string, string[]>();
        var mayBeBlank = request is TokenizeRequest;
        CheckText(errors, "text", request.Text, mayBeBlank);
        if (request.Pair is not null)
        {
            CheckText(errors, "pair", request.Pair, mayBeBlank);
        }

        if (request.DeadlineMs is < 1)
        {
            errors["deadline_ms"] = ["must be 1 or more"];
        }

        if (request.MaxNewTokens is < 1 or > MostNewTokens)
        {
            errors["max_new_tokens"] = [FormattableString.Invariant($"must be from 1 to {MostNewTokens}")];
        }

        if (
            request.Granularity is { Levels: var levels }
            && (levels.Count == 0 || levels.Zip(levels.Skip(1), (coarse, fine) => coarse <= fine).Any(wrong => wrong))
        )
        {
            errors["granularity"] = ["a list goes from coarse to fine, each level once"];
        }

        if (request.Spans is { } spans && (spans.Count == 0 || spans.Count > MostSpans))
        {
            errors["spans"] = [FormattableString.Invariant($"must have from 1 to {MostSpans} spans")];
        }

        if (request.Spans is not null && request.Granularity is not null)
        {
            errors["spans"] = ["give either spans or granularity"];
        }

        if (errors.Count > 0)
        {
            throw InvalidRequestException.Malformed(errors);
        }
    }

    /// <summary>Refuses numbers outside their ranges, all of them at once.</summary>
    /// <exception cref="InvalidRequestException">400 with the fields.</exception>
    public static void Ranges(params ReadOnlySpan<(string Field, double? Value, double Smallest, double Largest)> numbers)
    {
        var errors = new Dictionary<string, string[]>();
        foreach (var (field, value, smallest, largest) in numbers)
        {
            if (value is { } number && !(number >= smallest && number <= largest))
            {
                errors[field] = [FormattableString.Invariant($"must be from {smallest} to {largest}")];
            }
        }

        if (errors.Count > 0)
        {
            throw InvalidRequestException.Malformed(errors);
        }
    }

    /// <summary>A blank text explains nothing, but it has tokens: the special ones, or the spaces.</summary>
    private static void CheckText(Dictionary<string, string[]> errors, string field, string text, bool mayBeBlank)
    {
        if (text is null || (!mayBeBlank && string.IsNullOrWhiteSpace(text)))
        {
            errors[field] = [string.IsNullOrEmpty(text) ? "must not be empty" : "must not be empty, and it holds white space alone"];
        }
        else if (!IsWellFormed(text))
        {
            errors[field] = ["holds a surrogate without its other half"];
        }
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }
}
