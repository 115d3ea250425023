using System.Text.Json;

namespace ExplainService.Api.Tests;

/// <summary>What tests read in answers.</summary>
internal static class Answers
{
    /// <summary>What a reader of the answer must know.</summary>
    public static string[] Warnings(this JsonElement answer) =>
        [.. answer.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];

    /// <summary>The codes of the answer's warnings, one each.</summary>
    public static string[] WarningCodes(this JsonElement answer) =>
        [.. answer.GetProperty("warning_codes").EnumerateArray().Select(code => code.GetString()!)];

    /// <summary>The sentences of the answer's only warning with a code.</summary>
    public static string WarningOf(this JsonElement answer, string code) =>
        answer.WarningCodes().Zip(answer.Warnings()).Single(warning => warning.First == code).Second;
}
