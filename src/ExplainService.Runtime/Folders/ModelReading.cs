using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime.Folders;

/// <summary>What was read of a model's folder.</summary>
/// <param name="Description">What the model is.</param>
/// <param name="Tokenizer">Text to tokens.</param>
/// <param name="Source">The files that were read.</param>
/// <param name="Hash">Their content.</param>
/// <param name="Bytes">Size of its graphs and weights.</param>
internal sealed record ModelReading(ModelDescription Description, Tokenizer Tokenizer, ModelSource Source, ModelHash Hash, long Bytes);
