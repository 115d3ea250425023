namespace ExplainService.Text.ChatTemplates;

/// <summary>A message of a conversation.</summary>
/// <param name="Role">Who says it, as the template names roles.</param>
/// <param name="Content">What is said.</param>
public sealed record ChatMessage(string Role, string Content);
