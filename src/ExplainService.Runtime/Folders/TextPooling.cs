using System.Text.Json;
using ExplainService.Graph;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Patterns;
using ExplainService.Graph.Rewrites;

namespace ExplainService.Runtime.Folders;

/// <summary>
/// How a model without a head makes one embedding of a text: as Sentence Transformers' files say (modules.json, 1_Pooling/config.json), by the
/// mean over its tokens where there are none.
/// </summary>
/// <param name="Modes">How the states of tokens become one; several are joined.</param>
/// <param name="Problem">Why it makes none, in a sentence; null: it does.</param>
/// <param name="Beyond">The first module behind the pooling that a graph of token states does not hold; null: there is none.</param>
public sealed record TextPooling(IReadOnlyList<PoolingMode> Modes, string? Problem = null, string? Beyond = null)
{
    private const string ModulesName = "modules.json";

    /// <summary>The output that exporters of sentence encoders give the finished embedding.</summary>
    private const string Finished = "sentence_embedding";

    private static readonly Dictionary<string, PoolingMode> Flags = new(StringComparer.Ordinal)
    {
        ["pooling_mode_cls_token"] = PoolingMode.FirstToken,
        ["pooling_mode_max_tokens"] = PoolingMode.Max,
        ["pooling_mode_mean_tokens"] = PoolingMode.Mean,
        ["pooling_mode_mean_sqrt_len_tokens"] = PoolingMode.MeanSqrtLength,
        ["pooling_mode_weightedmean_tokens"] = PoolingMode.WeightedMean,
        ["pooling_mode_lasttoken"] = PoolingMode.LastToken,
    };

    private static readonly Dictionary<string, PoolingMode> Names = new(StringComparer.Ordinal)
    {
        ["cls"] = PoolingMode.FirstToken,
        ["max"] = PoolingMode.Max,
        ["mean"] = PoolingMode.Mean,
        ["mean_sqrt_len_tokens"] = PoolingMode.MeanSqrtLength,
        ["weightedmean"] = PoolingMode.WeightedMean,
        ["lasttoken"] = PoolingMode.LastToken,
    };

    /// <summary>What a model without such files does.</summary>
    public static TextPooling Default { get; } = new([PoolingMode.Mean]);

    /// <summary>Which tokens the embedding reads.</summary>
    public HeadRead Reads =>
        Modes switch
        {
            [PoolingMode.FirstToken] => HeadRead.First,
            [PoolingMode.LastToken] => HeadRead.Last,
            [] => HeadRead.Unknown,
            _ => HeadRead.All,
        };

    /// <summary>The names of the files that <see cref="Read"/> looks for in a folder.</summary>
    /// <exception cref="ModelNotUsableException">modules.json is not what it should be.</exception>
    public static IEnumerable<string> FileNames(string folder) => [ModulesName, PoolingFile(Modules(folder))];

    /// <summary>Reads a model's folder. What is not supported is a problem for whoever asks for an embedding, not for the whole model.</summary>
    /// <exception cref="ModelNotUsableException">A file is not what it should be.</exception>
    public static TextPooling Read(string folder)
    {
        var modules = Modules(folder);
        var config = JsonFields.Read(Path.Combine(folder, PoolingFile(modules)));
        var pooling = config.EnumerateObject().Any() ? Of(config) : Default;
        return pooling with { Beyond = modules.Select(module => module.Kind).FirstOrDefault(IsBeyond) };
    }

    /// <summary>The pooling that a graph needs still.</summary>
    public TextPooling For(ModelGraph graph, GraphReport report)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(report);
        if (graph.Outputs.Exists(output => output.Name == Finished))
        {
            return this with { Problem = null, Beyond = null };
        }

        var headless = $"The model has no task head: its output '{report.Outputs[0]}' is a hidden state, not logits";
        return this with
        {
            Problem =
                graph.Inputs.Exists(input =>
                    EmbeddingLookup.IsTokenIds(input.Name) && input.Name.StartsWith("decoder", StringComparison.Ordinal)
                )
                    ? headless + ", and it is that of a decoder, which embeds no text."
                : report.OutputRank is not (2 or 3) ? headless + "."
                : Problem is not null ? $"{headless}, and {Problem}"
                : Beyond is null ? null
                : $"{headless}, and {ModulesName} lists {Beyond}, which the graph does not hold. An export whose output '{Finished}' is the finished embedding has it.",
        };
    }

    /// <summary>Makes the embedding the graph's output; false: there is none to make.</summary>
    public bool Apply(ModelGraph graph, GraphReport report)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(report);
        if (graph.Outputs.Find(output => output.Name == Finished) is { } finished)
        {
            graph.Outputs.RemoveAll(output => output != finished);
            return true;
        }

        if (Problem is not null || report.OutputRank != 3)
        {
            return false;
        }

        PoolTokens.Apply(graph, report.Outputs[0], Modes);
        return true;
    }

    private static TextPooling Of(JsonElement config)
    {
        if (config.Text("pooling_mode") is { } named)
        {
            var parts = named.Split('+');
            return Array.Find(parts, part => !Names.ContainsKey(part)) is { } unknown
                ? Unsupported(unknown)
                : new TextPooling([.. parts.Select(part => Names[part])]);
        }

        var on = config
            .EnumerateObject()
            .Where(field => field.Name.StartsWith("pooling_mode_", StringComparison.Ordinal) && field.Value.ValueKind == JsonValueKind.True)
            .Select(field => field.Name)
            .ToList();
        return on.Find(name => !Flags.ContainsKey(name)) is { } other ? Unsupported(other)
            : on.Count == 0 ? Default
            : new TextPooling([.. Flags.Where(flag => on.Contains(flag.Key)).Select(flag => flag.Value)]);
    }

    private static TextPooling Unsupported(string mode) =>
        new([], $"its folder pools tokens by \"{mode}\", which this service does not know.");

    private static bool IsBeyond(string kind) => kind is not ("Transformer" or "Pooling" or "Normalize" or "Dropout");

    private static string PoolingFile(IReadOnlyList<(string Kind, string Path)> modules)
    {
        var path = modules.FirstOrDefault(module => module.Kind == "Pooling").Path ?? "1_Pooling";
        return path + "/config.json";
    }

    /// <summary>The modules, by the last part of their Python names, and where their settings are.</summary>
    private static List<(string Kind, string Path)> Modules(string folder)
    {
        var json = JsonFields.ReadList(Path.Combine(folder, ModulesName));
        var modules = new List<(string, string)>();
        foreach (var module in json)
        {
            var path = module.Text("path") ?? "";
            if (path.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(path))
            {
                throw new ModelNotUsableException($"{ModulesName} names a path outside the model's folder.");
            }

            modules.Add((module.Text("type")?.Split('.')[^1] ?? "", path));
        }

        return modules;
    }
}
