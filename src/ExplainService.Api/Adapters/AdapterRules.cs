using Microsoft.Extensions.Options;

namespace ExplainService.Api.Adapters;

/// <summary>Settings of adapters that could not work end the start.</summary>
internal sealed class AdapterRules : IValidateOptions<AdapterOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AdapterOptions options) =>
        options.WrongExplain() is { } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
}
