namespace ExplainService.Benchmarks.Service;

/// <summary>Resident memory of a service whose model is loaded, used in every form and unloaded, again and again.</summary>
public static class UnloadMemory
{
    private const int Rounds = 4;

    /// <summary>Prints it before and after each unloading.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        await using var service = await ServiceProcess.StartAsync(
            "Models:Preload=",
            "Runtime:MeasureFast=false",
            "Models:PrepareForms=false"
        );
        await Timing.PrintAsync(writer, "resident memory before the first load, MB", service.ResidentBytes / 1e6);
        const string text = "a gripping, funny film about nothing at all";
        for (var round = 1; round <= Rounds; round++)
        {
            await service.AskAsync("/models/minilm-sst2/load", new { });
            await Timing.PrintAsync(writer, $"round {round}, loaded, MB", service.ResidentBytes / 1e6);
            await service.AskAsync("/saliency", new { text });
            await service.AskAsync("/attention", new { text });
            await service.AskAsync("/occlusion", new { text });
            await Timing.PrintAsync(writer, $"round {round}, used, MB", service.ResidentBytes / 1e6);
            await service.AskAsync("/models/minilm-sst2/unload", new { });
            await Timing.PrintAsync(writer, $"round {round}, unloaded, MB", service.ResidentBytes / 1e6);
        }
    }
}
