namespace ExplainService.Runtime;

/// <summary>What who reads an answer must know to read it right.</summary>
/// <param name="Code">Stable, in snake_case: what programs tell warnings apart by.</param>
/// <param name="Text">For people: sentences that name numbers and fields.</param>
public sealed record Warning(string Code, string Text);
