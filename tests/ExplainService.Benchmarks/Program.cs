using ExplainService.Benchmarks;
using ExplainService.Benchmarks.Service;

// dotnet run -c Release --project tests/ExplainService.Benchmarks -- [service | gradient | relevance | inside | memory | fast | faithfulness | load | blackbox | prefixes |
// shapley | counterfactual | export | flood | own | soak | unload | vision | micro]
var all = new SortedDictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["blackbox"] = _ => BlackBoxRatios.PrintAsync(Console.Out),
    ["counterfactual"] = _ => CounterfactualShares.PrintAsync(Console.Out),
    ["export"] = rest => ExportCost.PrintAsync(Console.Out, rest),
    ["faithfulness"] = _ => Faithfulness.PrintAsync(Console.Out),
    ["fast"] = _ => FastRatio.PrintAsync(Console.Out),
    ["flood"] = rest => FloodRatio.PrintAsync(Console.Out, rest),
    ["gradient"] = _ => GradientRatio.PrintAsync(Console.Out),
    ["relevance"] = _ => RelevanceRatio.PrintAsync(Console.Out),
    ["inside"] = async _ =>
    {
        await RelevanceRatio.PrintAsync(Console.Out);
        await InsideRatios.PrintAsync(Console.Out);
    },
    ["load"] = _ => LoadTime.PrintAsync(Console.Out),
    ["memory"] = _ => MemoryRatio.PrintAsync(Console.Out),
    ["micro"] = rest => Task.Run(() => MicroBenchmarks.Run(rest)),
    ["own"] = _ => OwnWork.PrintAsync(Console.Out),
    ["prefixes"] = _ => PrefixSharing.PrintAsync(Console.Out),
    ["service"] = _ => ServiceRatios.PrintAsync(Console.Out),
    ["soak"] = rest => Soak.PrintAsync(Console.Out, rest),
    ["shapley"] = _ => ShapleyGames.PrintAsync(Console.Out),
    ["vision"] = _ => VisionRatio.PrintAsync(Console.Out),
    ["unload"] = _ => UnloadMemory.PrintAsync(Console.Out),
};
if (args.Length > 0 && !all.ContainsKey(args[0]))
{
    await Console.Error.WriteLineAsync($"One of: {string.Join(", ", all.Keys)}; without a name service, gradient and memory.");
    return 1;
}

foreach (var name in args.Length > 0 ? [args[0]] : new[] { "service", "gradient", "memory" })
{
    await all[name]([.. args.Skip(1)]);
}

return 0;
