using Xunit.v3;

namespace ExplainService.Tests;

/// <summary>Takes seconds of a quiet core: <c>bash tests/run.sh --unit</c> leaves it out, <c>bash tests/run.sh</c> runs it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Speed", "slow")];
}
