using System.Text.Json;
using System.Text.Json.Serialization;
using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Predictions;

/// <summary><c>POST /tokenize</c>: every token, of a text over the model's limit too unless <c>overflow</c> is given.</summary>
public sealed record TokenizeRequest : TextRequest;

/// <summary>What <c>/tokenize</c> answers.</summary>
public sealed record TokenizeAnswer : Explanation;

/// <summary>Both as they cross the wire.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TokenizeRequest))]
[JsonSerializable(typeof(TokenizeAnswer))]
internal sealed partial class TokenizeJson : JsonSerializerContext;
