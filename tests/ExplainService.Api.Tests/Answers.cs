using System.Text.Json;

namespace ExplainService.Api.Tests;

/// <summary>What tests read in answers.</summary>
internal static class Answers
{
    /// <summary>What a reader of the answer must know.</summary>
    public static string[] Warnings(this JsonElement answer) =>
        [.. answer.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
}
