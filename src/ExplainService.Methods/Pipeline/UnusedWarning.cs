namespace ExplainService.Methods.Pipeline;

/// <summary>What the answer says of a field that was set and that it had no use for.</summary>
internal static class UnusedWarning
{
    public static string Of(string field) => $"\"{field}\" has no part in this answer and was not used";
}
