namespace ExplainService.Jobs.Inputs;

/// <summary>A word and the row that it is from.</summary>
internal sealed record PooledWord(string Word, long Row);
