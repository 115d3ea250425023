using ExplainService.Methods.Coalitions;
using ExplainService.Methods.Faithfulness.Metrics;

namespace ExplainService.Tests.Methods.Faithfulness;

/// <summary>A model whose probability is a function of which units are there; its logit is ten times that.</summary>
internal sealed class FakeValues(int units, Func<Coalition, double> probability) : ISetValues
{
    public int Units => units;

    public bool HasProbabilities => true;

    public SetValue this[Coalition present] =>
        probability(present) is var p ? new SetValue(p, p, 10 * p, Math.Log(p)) : throw new InvalidOperationException();
}
