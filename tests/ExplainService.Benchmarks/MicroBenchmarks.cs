using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using ExplainService.Goldens;
using ExplainService.Text.Tokenization;
using ExplainService.Text.Units;

namespace ExplainService.Benchmarks;

/// <summary>Small pieces that every request passes through, measured by BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class MicroBenchmarks
{
    private const string Sentence = "The acting was terrible but the music is absolutely wonderful.";
    private readonly Tokenizer tokenizer = Tokenizer.Load(Path.Combine(ReferenceData.BundledModels, "minilm-sst2"));
    private readonly string page = string.Join(' ', Enumerable.Repeat(Sentence, 40));

    /// <summary>Runs them.</summary>
    public static void Run(string[] args) => BenchmarkRunner.Run<MicroBenchmarks>(null, args);

    /// <summary>Tokens of a sentence.</summary>
    [Benchmark]
    public int TokenizeSentence() => tokenizer.Encode(Sentence).Tokens.Count;

    /// <summary>Tokens of a page.</summary>
    [Benchmark]
    public int TokenizePage() => tokenizer.Encode(page).Tokens.Count;

    /// <summary>Words of a page by Unicode segmentation.</summary>
    [Benchmark]
    public int WordsOfPage() => TextUnits.Split(page, Granularity.Word).Count;
}
