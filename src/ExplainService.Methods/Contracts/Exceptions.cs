namespace ExplainService.Methods.Contracts;

/// <summary>
/// A request that cannot be answered as it stands, with what is wrong by field. Malformed values answer 400; values that are well-formed
/// but impossible for this model or text answer 422, a picture of too many bytes 413.
/// </summary>
/// <param name="detail">What is wrong, in a sentence; never holds the caller's text.</param>
/// <param name="errors">What is wrong by snake_case field, as a JSON path would name it (<c>target.label</c>).</param>
/// <param name="impossible">422 rather than 400.</param>
public sealed class InvalidRequestException(string detail, IReadOnlyDictionary<string, string[]> errors, bool impossible = false)
    : Exception(detail)
{
    /// <summary>What is wrong by field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => errors;

    /// <summary>Well-formed but impossible: 422.</summary>
    public bool Impossible => impossible;

    /// <summary>A field of more bytes than are taken: 413.</summary>
    public bool IsTooLarge { get; private init; }

    /// <summary>The same faults of a request that stands inside another.</summary>
    /// <param name="field">The other's field that it stands in.</param>
    public InvalidRequestException Inside(string field)
    {
        var prefixed = errors.ToDictionary(error => error.Key.Length == 0 ? field : $"{field}.{error.Key}", error => error.Value);
        return impossible
            ? new InvalidRequestException(Message, prefixed, impossible: true) { IsTooLarge = IsTooLarge }
            : Malformed(prefixed);
    }

    /// <summary>The same faults where a field, or the list that it is, is known by another name.</summary>
    public InvalidRequestException Renamed(string field, string name)
    {
        var renamed = errors.ToDictionary(
            error =>
                error.Key == field || error.Key.StartsWith(field + "[", StringComparison.Ordinal)
                    ? name + error.Key[field.Length..]
                    : error.Key,
            error => error.Value
        );
        return impossible
            ? new InvalidRequestException(Message, renamed, impossible: true) { IsTooLarge = IsTooLarge }
            : Malformed(renamed);
    }

    /// <summary>One field is malformed: 400.</summary>
    /// <param name="field">The field.</param>
    /// <param name="problem">What is wrong with it: a clause that follows the field's name.</param>
    public static InvalidRequestException Malformed(string field, string problem) =>
        Malformed(new Dictionary<string, string[]> { [field] = [problem] });

    /// <summary>Fields are malformed: 400. Each is said in the detail too, since some clients show nothing else.</summary>
    public static InvalidRequestException Malformed(IReadOnlyDictionary<string, string[]> errors)
    {
        var all = string.Join(
            "; ",
            errors.Select(error => (error.Key.Length == 0 ? "\"\"" : error.Key) + ": " + string.Join(", ", error.Value))
        );
        return new((errors.Count == 1 ? all : FormattableString.Invariant($"{errors.Count} fields are at fault: {all}")) + ".", errors);
    }

    /// <summary>One field is well-formed but impossible here: 422.</summary>
    /// <param name="field">The field.</param>
    /// <param name="problem">What is wrong, in a sentence.</param>
    public static InvalidRequestException CannotDo(string field, string problem) =>
        new(problem, new Dictionary<string, string[]> { [field] = [problem] }, impossible: true);

    /// <summary>One field has more bytes than are taken: 413.</summary>
    /// <param name="field">The field.</param>
    /// <param name="problem">What is wrong, in a sentence.</param>
    public static InvalidRequestException TooLarge(string field, string problem) =>
        new(problem, new Dictionary<string, string[]> { [field] = [problem] }, impossible: true) { IsTooLarge = true };
}

/// <summary>The request's deadline passed before there was anything to answer (504).</summary>
/// <param name="deadlineMs">The deadline.</param>
/// <param name="why">Why there is nothing: a clause.</param>
public sealed class DeadlineExceededException(int deadlineMs, string why = DeadlineExceededException.NoPartialResult)
    : Exception(FormattableString.Invariant($"The deadline of {deadlineMs} ms passed before there was an answer; {why}."))
{
    /// <summary>Why there is nothing, of methods that answer all or nothing.</summary>
    public const string NoPartialResult = "this method cannot return a partial result";
}

/// <summary>A method that answers with what it has when the time is up has nothing yet.</summary>
public sealed class NoPartialResultException() : Exception("The time is up and nothing has been scored yet.");

/// <summary>What the model computes of this input holds NaN or an infinity where a number is explained (422).</summary>
/// <param name="where">Which of its outputs.</param>
public sealed class NotFiniteException(string where)
    : Exception(
        $"The model returned NaN or an infinity in its {where} for this text, or for a changed version of it (as half precision does when it overflows); there is no number to explain."
    );
