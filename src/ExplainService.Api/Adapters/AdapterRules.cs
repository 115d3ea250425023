using ExplainService.Methods.Contracts;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Adapters;

/// <summary>Settings of adapters that could not work end the start.</summary>
internal sealed class AdapterRules : IValidateOptions<AdapterOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AdapterOptions options) =>
        (options.WrongExplain() ?? WrongExpression(options)) is { } wrong
            ? ValidateOptionsResult.Fail(wrong)
            : ValidateOptionsResult.Success;

    private static string? WrongExpression(AdapterOptions options)
    {
        try
        {
            _ =
                options.EnableExplanations.Length == 0
                    ? null
                    : EnableExplanations.Read(options.EnableExplanations, $"{AdapterOptions.Section}:{nameof(options.EnableExplanations)}");
            return null;
        }
        catch (InvalidRequestException wrong)
        {
            return wrong.Message;
        }
    }
}
