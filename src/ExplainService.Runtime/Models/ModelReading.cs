using ExplainService.Text;

namespace ExplainService.Runtime.Models;

/// <summary>What was read of a model's folder.</summary>
/// <param name="Description">What the model is.</param>
/// <param name="Tokenizer">Text to tokens.</param>
/// <param name="Hash">Its files' content.</param>
/// <param name="Stamp">Its folder's <see cref="FolderStamp"/> before anything was read.</param>
/// <param name="Bytes">Size of its graphs and weights.</param>
internal sealed record ModelReading(ModelDescription Description, Tokenizer Tokenizer, ModelHash Hash, long Stamp, long Bytes);
