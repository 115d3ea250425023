using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using ExplainService.Jobs.Contracts;
using ExplainService.Methods.Contracts;

namespace ExplainService.Jobs.Service;

/// <summary>What no job may say.</summary>
internal static class JobChecks
{
    /// <summary>Refuses it.</summary>
    /// <param name="request">The job.</param>
    /// <param name="hasFile">Whether a file came with it.</param>
    /// <exception cref="InvalidRequestException">400, every field at fault.</exception>
    public static void Check(JobRequest request, bool hasFile)
    {
        var errors = new Dictionary<string, string[]>();
        Ranges(request, "", errors);
        if (request.OnlyIf is { } filter)
        {
            Ranges(filter, "only_if.", errors);
            if (filter == new RowFilter())
            {
                errors["only_if"] = ["must hold a condition"];
            }
        }

        Sources(request.Input, hasFile, errors);
        Drift(request, errors);
        if (errors.Count > 0)
        {
            throw InvalidRequestException.Malformed(errors);
        }
    }

    private static void Sources(JobInput? input, bool hasFile, Dictionary<string, string[]> errors)
    {
        var sources = (hasFile ? 1 : 0) + (input?.Path is null ? 0 : 1) + (input?.Texts is null ? 0 : 1) + (input?.Job is null ? 0 : 1);
        if (sources != 1)
        {
            errors["input"] =
            [
                sources == 0
                    ? "must have path or texts, or the request be multipart/form-data with a part \"file\""
                    : "must come from one place: path, texts or the part \"file\"",
            ];
        }
        else if (input?.Texts is { Count: 0 })
        {
            errors["input.texts"] = ["must not be empty"];
        }
    }

    /// <summary>Refuses pictures where a job is about words.</summary>
    /// <exception cref="InvalidRequestException">422.</exception>
    public static void Pictures(JobRequest request, RowFormat format)
    {
        if (format == RowFormat.Zip && request.Kind is not (JobKind.Predict or JobKind.Explain or JobKind.Compare or JobKind.Drift))
        {
            throw InvalidRequestException.CannotDo(
                "kind",
                $"A job of kind \"{EnumNames.Of(request.Kind)}\" is about the words of texts; pictures have \"predict\", \"explain\", \"compare\" and \"drift\"."
            );
        }
    }

    private static void Drift(JobRequest request, Dictionary<string, string[]> errors)
    {
        if (request.Kind != JobKind.Drift)
        {
            if (request.Against is not null)
            {
                errors["against"] = ["is for jobs of kind \"drift\""];
            }

            if (request.Input?.Job is not null)
            {
                errors["input.job"] = ["is for jobs of kind \"drift\""];
            }
        }
        else if ((request.Against?.Job is null) == (request.Against?.Model is null))
        {
            errors["against"] = ["must have either job, one that has ended, or model"];
        }
        else if (request.Input?.Job is not null)
        {
            foreach (
                var (field, isGiven) in new[]
                {
                    ("against.model", request.Against?.Model is not null),
                    ("request", request.Request is not null),
                    ("only_if", request.OnlyIf is not null),
                    ("columns", request.Columns is not null),
                }
            )
            {
                if (isGiven)
                {
                    errors[field] = ["has no use beside input.job: no model is asked"];
                }
            }
        }
    }

    private static void Ranges(object part, string prefix, Dictionary<string, string[]> errors)
    {
        foreach (var property in part.GetType().GetProperties())
        {
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
            {
                if (!rule.IsValid(property.GetValue(part)))
                {
                    errors[prefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] =
                    [
                        rule switch
                        {
                            RangeAttribute range => FormattableString.Invariant($"must be from {range.Minimum} to {range.Maximum}"),
                            StringLengthAttribute length => FormattableString.Invariant(
                                $"must have at most {length.MaximumLength} characters"
                            ),
                            _ => "is not allowed",
                        },
                    ];
                }
            }
        }
    }
}
