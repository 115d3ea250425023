namespace ExplainService.Benchmarks.Service;

/// <summary>Resident memory of a service that uses every form, over that of one that only predicts.</summary>
public static class MemoryRatio
{
    /// <summary>Prints both and their ratio.</summary>
    public static async Task PrintAsync(TextWriter writer)
    {
        var forward = await ResidentAsync(allForms: false);
        var all = await ResidentAsync(allForms: true);
        await Timing.PrintAsync(writer, "resident memory, forward form alone, MB", forward / 1e6);
        await Timing.PrintAsync(writer, "resident memory, all forms in use, MB", all / 1e6);
        await Timing.PrintAsync(writer, "ratio", (double)all / forward);
    }

    private static async Task<long> ResidentAsync(bool allForms)
    {
        var texts = new Texts();
        await using var service = await ServiceProcess.StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var text = texts.Next(128);
            await service.AskAsync("/occlusion", new { text, granularity = "token" });
            await service.AskAsync("/shap", new { text, max_evaluations = 200 });
            if (allForms)
            {
                foreach (var objective in new[] { "logit", "probability", "log_probability" })
                {
                    await service.AskAsync(
                        "/saliency",
                        new
                        {
                            text,
                            method = "integrated_gradients",
                            objective,
                        }
                    );
                }

                await service.AskAsync("/attention", new { text, aggregate = "none" });
                await service.AskAsync("/attention", new { text, aggregate = "gradient_relevance" });
            }
        }

        return service.ResidentBytes;
    }
}
