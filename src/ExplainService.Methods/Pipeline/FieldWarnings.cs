using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Pipeline;

/// <summary>What the answer says of fields that were set and that it had no use for.</summary>
internal static class FieldWarnings
{
    public static Warning Ignored(string field) =>
        new(WarningCode.FieldIgnored, $"\"{field}\" does not apply to this request and was ignored.");
}
