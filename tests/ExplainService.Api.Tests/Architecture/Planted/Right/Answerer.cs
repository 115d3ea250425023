using ExplainService.Api.Tests.Architecture.Planted.Left;

namespace ExplainService.Api.Tests.Architecture.Planted.Right;

/// <summary>Needs its neighbour in a lambda alone.</summary>
internal static class Answerer
{
    public static int Answer() => Enumerable.Range(0, 3).Sum(index => index + Asker.Known());
}
