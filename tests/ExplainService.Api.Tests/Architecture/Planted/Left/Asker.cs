using ExplainService.Api.Tests.Architecture.Planted.Right;

namespace ExplainService.Api.Tests.Architecture.Planted.Left;

/// <summary>Needs its neighbour in the body of an asynchronous method alone.</summary>
internal static class Asker
{
    public static async Task<int> AskAsync()
    {
        await Task.Yield();
        return Answerer.Answer();
    }

    public static int Known() => 1;
}
