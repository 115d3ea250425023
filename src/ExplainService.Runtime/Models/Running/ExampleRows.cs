using ExplainService.Runtime.Models.Generating;

namespace ExplainService.Runtime.Models.Running;

/// <summary>Rows to warm a model's forms up with, to measure and to compare them by: ordinary tokens, whatever the vocabulary.</summary>
/// <param name="limits">What rows may hold.</param>
/// <param name="config">The task, and what texts end with.</param>
/// <param name="readout">What is read of a row.</param>
internal sealed class ExampleRows(ModelLimits limits, ModelConfig config, Readout readout)
{
    /// <summary>More different tokens than any row or batch needs.</summary>
    private const int MostTokens = 2048;

    private readonly int? end = EndOf(config.Generation, limits);
    private int[]? ordinary;

    /// <summary>What texts end with; null where that is padding too, which stands behind no text.</summary>
    public int? EndToken => end;

    /// <summary>A row of that many tokens, different for each number. It ends as texts do: BART's classifier reads the end token, and fails without one.</summary>
    public ModelRow Row(int number, int length)
    {
        int[] last = end is { } token ? [token] : [];
        int[] ids = [.. Enumerable.Range(0, length - last.Length).Select(position => Ordinary((number * 31) + (position * 7) + 3)), .. last];
        int[] decoder = config.Task == ModelTask.Text2textGeneration ? [.. ids.Select(id => id % limits.DecoderVocabulary)] : [];
        return new ModelRow { Ids = ids, DecoderIds = decoder, Reads = readout.HasPositions ? [0] : [] };
    }

    private int Ordinary(int number)
    {
        ordinary ??= [.. Enumerable.Range(0, limits.Vocabulary).Where(id => id != limits.PadToken && id != end).Take(MostTokens).DefaultIfEmpty()];
        return ordinary[number % ordinary.Length];
    }

    private static int? EndOf(GenerationRules generation, ModelLimits limits) =>
        generation.EndTokens.Where(token => token >= 0 && token < limits.Vocabulary && token != limits.PadToken).Cast<int?>().FirstOrDefault();
}
