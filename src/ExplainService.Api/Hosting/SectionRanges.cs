using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>Checks the ranges of a section's settings, and names those at fault as configured (<c>Runtime:Threads</c>).</summary>
/// <typeparam name="T">What the section is bound to.</typeparam>
/// <param name="section">The section's name.</param>
internal sealed class SectionRanges<T>(string section) : IValidateOptions<T>
    where T : class
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var failures = new List<string>();
        foreach (var property in typeof(T).GetProperties())
        {
            var value = property.GetValue(options);
            if (property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value))
            {
                failures.Add(FormattableString.Invariant(
                    $"{section}:{property.Name} is {value}; it must be from {range.Minimum} to {range.Maximum}"));
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
