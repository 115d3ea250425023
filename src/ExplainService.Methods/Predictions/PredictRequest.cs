using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Predictions;

/// <summary><c>POST /predict</c>.</summary>
public sealed record PredictRequest : TextRequest
{
    /// <summary>
    /// How many labels (or spans) to list, strongest first; default: all classes in index order, 5 for vocabularies and spans.
    /// </summary>
    [Range(1, 1000)]
    public int? TopK { get; init; }

    /// <summary>The most tokens that <see cref="TokenProbabilities"/> lists at a place.</summary>
    public const int MostAlternatives = 20;

    /// <summary>
    /// Causal models: how likely each token of the text, and of what is generated, is after those before it, and so many of the likeliest there,
    /// from 0 to 20; default: not asked.
    /// </summary>
    [Range(0, MostAlternatives)]
    public int? TokenProbabilities { get; init; }

    internal override int? ListedEntries => TopK;
}

/// <summary>What <c>/predict</c> answers.</summary>
[AlwaysGiven(nameof(Objective), nameof(Prediction), nameof(Target), nameof(Evaluations))]
public sealed record PredictAnswer : Explanation
{
    /// <summary>With <c>token_probabilities</c>: each token but the first, of the text and then of <c>generated</c>.</summary>
    public IReadOnlyList<TokenProbability>? TokenProbabilities { get; init; }
}

/// <summary>How likely a token is after those before it.</summary>
public sealed record TokenProbability
{
    /// <summary>Its place in the sequence: <c>tokens</c>, and <c>generated</c> behind them.</summary>
    public required int Index { get; init; }

    /// <summary>Vocabulary form.</summary>
    public required string Token { get; init; }

    /// <summary>Vocabulary id.</summary>
    public required int TokenId { get; init; }

    /// <summary>The text that it adds; empty for special tokens, and for tokens that end inside a character.</summary>
    public required string Text { get; init; }

    /// <summary>The logarithm of its probability.</summary>
    public required double LogProbability { get; init; }

    /// <summary>Its place among all tokens, from 1, the likeliest.</summary>
    public required int Rank { get; init; }

    /// <summary>The likeliest tokens here, likeliest first, as many as were asked for.</summary>
    public required IReadOnlyList<LikelyToken> Likeliest { get; init; }
}

/// <summary>One of the likeliest tokens at a place.</summary>
/// <param name="Token">Vocabulary form.</param>
/// <param name="TokenId">Vocabulary id.</param>
/// <param name="Text">The text that it would add.</param>
/// <param name="LogProbability">The logarithm of its probability.</param>
public sealed record LikelyToken(string Token, int TokenId, string Text, double LogProbability);

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(PredictAnswer))]
internal sealed partial class PredictJson : JsonSerializerContext;
