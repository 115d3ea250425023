using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Pipeline;

/// <summary>What no request may say, whatever the model: answered 400 with every field that is at fault.</summary>
public static class RequestChecks
{
    /// <summary>The most own units that a request may list.</summary>
    public const int MaxSpans = 10_000;

    /// <summary>The most characters of a baseline, a background text, a continuation: more than any model reads of it.</summary>
    public const int MaxSideText = 100_000;

    /// <summary>The most texts that a request may list.</summary>
    public const int MaxTexts = 1000;

    private static readonly ConcurrentDictionary<Type, (PropertyInfo Property, RangeAttribute Range)[]> Ranges = new();

    /// <summary>Checks the fields that all requests have, and every number's range.</summary>
    /// <exception cref="InvalidRequestException">400 with the fields.</exception>
    /// <param name="request">The request.</param>
    /// <param name="mayBeBlank">Whether a text of white space alone has an answer.</param>
    public static void Check(ExplainRequest request, bool mayBeBlank)
    {
        var errors = new Dictionary<string, string[]>();
        if (request is TextRequest text)
        {
            CheckText(errors, text, mayBeBlank);
            CheckSideTexts(errors, text);
        }

        CheckRanges(errors, request);
        if (errors.Count > 0)
        {
            throw InvalidRequestException.Malformed(errors);
        }
    }

    /// <summary>Checks what is a request's own, of one that stands inside another: every number's range, and the texts beside the one explained.</summary>
    /// <exception cref="InvalidRequestException">400 with the fields.</exception>
    public static void CheckOwn(TextRequest request)
    {
        var errors = new Dictionary<string, string[]>();
        CheckSideTexts(errors, request);
        CheckRanges(errors, request);
        if (errors.Count > 0)
        {
            throw InvalidRequestException.Malformed(errors);
        }
    }

    private static void CheckText(Dictionary<string, string[]> errors, TextRequest request, bool mayBeBlank)
    {
        if (request.ManyTexts is { } texts)
        {
            CheckTexts(errors, request, texts, mayBeBlank);
        }
        else if (request.Image is not null)
        {
            CheckImage(errors, request);
        }
        else if (request.Messages is { } messages)
        {
            CheckMessages(errors, request, messages, mayBeBlank);
        }
        else if (request.Text is null)
        {
            errors["text"] = ["is required"];
        }
        else
        {
            CheckText(errors, "text", request.Text, mayBeBlank);
        }

        if (request.Pair is not null)
        {
            CheckText(errors, "pair", request.Pair, mayBeBlank);
        }

        CheckLabels(errors, request);
        if (
            request.Granularity is { Levels: var levels }
            && (levels.Count == 0 || levels.Zip(levels.Skip(1), (coarse, fine) => coarse <= fine).Any(wrong => wrong))
        )
        {
            errors["granularity"] = ["must go from coarse to fine, each level once"];
        }

        if (request.Spans is { } spans && (spans.Count == 0 || spans.Count > MaxSpans))
        {
            errors[request.SpansField] = [FormattableString.Invariant($"must have from 1 to {MaxSpans} spans")];
        }

        if (request.Spans is not null && request.Granularity is not null)
        {
            errors[request.SpansField] = ["must not stand beside granularity"];
        }
    }

    private static void CheckImage(Dictionary<string, string[]> errors, TextRequest request)
    {
        (string Field, object? Value)[] others = [("text", request.Text), ("messages", request.Messages), ("pair", request.Pair)];
        foreach (var (field, value) in others)
        {
            if (value is not null)
            {
                errors[field] = ["must not stand beside image"];
            }
        }

        if (request.Image!.Length == 0)
        {
            errors["image"] = ["must not be empty"];
        }
    }

    private static void CheckTexts(Dictionary<string, string[]> errors, TextRequest request, IReadOnlyList<string> texts, bool mayBeBlank)
    {
        (string Field, object? Value)[] others =
        [
            ("text", request.Text),
            ("image", request.Image),
            ("messages", request.Messages),
            ("pair", request.Pair),
            (request.SpansField, request.Spans),
        ];
        if (others.FirstOrDefault(other => other.Value is not null) is { Field: { } field })
        {
            errors[field] = ["must not stand beside texts"];
        }

        if (texts.Count is 0 or > MaxTexts)
        {
            errors["texts"] = [FormattableString.Invariant($"must have from 1 to {MaxTexts} texts")];
            return;
        }

        foreach (var (index, text) in texts.Index())
        {
            CheckText(errors, FormattableString.Invariant($"texts[{index}]"), text, mayBeBlank);
        }
    }

    private static void CheckMessages(
        Dictionary<string, string[]> errors,
        TextRequest request,
        IReadOnlyList<MessageRequest> messages,
        bool mayBeBlank
    )
    {
        (string Field, object? Value)[] others =
        [
            ("text", request.Text),
            ("pair", request.Pair),
            ("labels", request.Labels),
            (request.SpansField, request.Spans),
        ];
        if (others.FirstOrDefault(other => other.Value is not null) is { Field: { } field })
        {
            errors[field] = ["must not stand beside messages"];
        }

        if (messages.Count is 0 or > Conversations.MaxMessages)
        {
            errors["messages"] = [FormattableString.Invariant($"must have from 1 to {Conversations.MaxMessages} messages")];
        }
        else if (!mayBeBlank && messages.All(message => string.IsNullOrWhiteSpace(message.Content)))
        {
            errors["messages"] = ["must not all be empty"];
        }

        foreach (var (index, message) in messages.Index())
        {
            foreach (var (name, text) in new[] { ("role", message.Role), ("content", message.Content) })
            {
                if (!IsWellFormed(text))
                {
                    errors[FormattableString.Invariant($"messages[{index}].{name}")] = ["holds a surrogate without its other half"];
                }
            }
        }
    }

    private static void CheckSideTexts(Dictionary<string, string[]> errors, TextRequest request)
    {
        foreach (var (field, text) in request.SideTexts)
        {
            if (text is { Length: > MaxSideText })
            {
                errors[field] = [FormattableString.Invariant($"must have at most {MaxSideText} characters")];
            }
            else if (!IsWellFormed(text))
            {
                errors[field] = ["holds a surrogate without its other half"];
            }
        }
    }

    private static void CheckLabels(Dictionary<string, string[]> errors, TextRequest request)
    {
        if (request.Labels is { } labels)
        {
            var problem =
                labels.Count is 0 or > Hypotheses.MaxLabels
                    ? FormattableString.Invariant($"must have from 1 to {Hypotheses.MaxLabels} labels")
                : labels.Any(string.IsNullOrWhiteSpace) ? "must hold no empty label"
                : labels.Distinct(StringComparer.Ordinal).Count() < labels.Count ? "must hold each label once"
                : !labels.All(label => IsWellFormed(label)) ? "holds a surrogate without its other half"
                : request.Pair is not null ? "must not stand beside pair, in whose place the hypotheses are"
                : labels.Any(label => label.Length > Hypotheses.MaxLength)
                    ? FormattableString.Invariant($"must hold labels of at most {Hypotheses.MaxLength} characters")
                : null;
            if (problem is not null)
            {
                errors["labels"] = [problem];
            }
        }

        if (request.HypothesisTemplate is { } template)
        {
            var problem =
                request.Labels is null ? "is for requests with labels"
                : !template.Contains(Hypotheses.Place, StringComparison.Ordinal) ? $"must hold {Hypotheses.Place} where the label stands"
                : !IsWellFormed(template) ? "holds a surrogate without its other half"
                : request.Labels is { Count: > 0 } && Hypotheses.LengthOf(request) > Hypotheses.MaxLength
                    ? FormattableString.Invariant($"must make hypotheses of at most {Hypotheses.MaxLength} characters")
                : null;
            if (problem is not null)
            {
                errors["hypothesis_template"] = [problem];
            }
        }
    }

    /// <summary>Numbers outside the ranges that the request's record declares.</summary>
    private static void CheckRanges(Dictionary<string, string[]> errors, ExplainRequest request)
    {
        foreach (var (property, range) in Ranges.GetOrAdd(request.GetType(), RangesOf))
        {
            var (smallest, largest) = (Number(range.Minimum), Number(range.Maximum));
            if (property.GetValue(request) is { } value && !(Number(value) >= smallest && Number(value) <= largest))
            {
                errors[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] =
                [
                    largest >= int.MaxValue
                        ? FormattableString.Invariant($"must be {smallest} or more")
                        : FormattableString.Invariant($"must be from {smallest} to {largest}"),
                ];
            }
        }

        static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
    }

    private static (PropertyInfo, RangeAttribute)[] RangesOf(Type request) =>
        [
            .. request
                .GetProperties()
                .Select(property => (property, range: property.GetCustomAttribute<RangeAttribute>()!))
                .Where(pair => pair.range is not null),
        ];

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
