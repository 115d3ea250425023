using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Hosting;

/// <summary>
/// Checks the settings of a section by their attributes, and names those at fault as configured (<c>Runtime:Threads</c>).
/// </summary>
/// <typeparam name="T">What the section is bound to.</typeparam>
/// <param name="section">The section's name.</param>
internal sealed class SectionRules<T>(string section) : IValidateOptions<T>
    where T : class
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, T options)
    {
        var failures = new List<string>();
        foreach (var property in typeof(T).GetProperties())
        {
            var value = property.GetValue(options);
            foreach (var check in property.GetCustomAttributes<ValidationAttribute>().Where(check => !check.IsValid(value)))
            {
                var rule = check is RangeAttribute range
                    ? FormattableString.Invariant($"it must be from {range.Minimum} to {range.Maximum}")
                    : check.ErrorMessage ?? check.FormatErrorMessage(property.Name);
                failures.Add(FormattableString.Invariant($"{section}:{property.Name} is {value}; {rule}"));
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
