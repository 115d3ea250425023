using ExplainService.Protocol.Privacy;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Access;

/// <summary>Configuration section <c>Privacy</c>.</summary>
internal sealed class PrivacyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Privacy";

    /// <summary>Patterns of what no model, answer or job is to have of a text.</summary>
    public IReadOnlyList<string> Redact { get; init; } = [];

    /// <summary>The patterns, read.</summary>
    /// <exception cref="OptionsValidationException">One is none, or could take for ever.</exception>
    public static Redaction Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section + ":" + nameof(Redact));
        // No list by commas: patterns hold them.
        string[] patterns =
        [
            .. section.GetChildren().Select(child => child.Value).Prepend(section.Value).OfType<string>().Where(one => one.Length > 0),
        ];
        var wrong = new List<string>();
        var read = patterns.Select(pattern => Pattern(pattern, wrong)).OfType<System.Text.RegularExpressions.Regex>().ToArray();
        return wrong.Count == 0 ? new Redaction(read) : throw new OptionsValidationException(Section, typeof(PrivacyOptions), wrong);
    }

    private static System.Text.RegularExpressions.Regex? Pattern(string pattern, List<string> wrong)
    {
        try
        {
            return Redaction.Pattern(pattern);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            wrong.Add($"{Section}:{nameof(Redact)} holds '{pattern}': {refused.Message}");
            return null;
        }
    }
}
