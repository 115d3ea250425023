using Xunit;

namespace ExplainService.Tests;

/// <summary>Tests that measure time or memory: they run one after the other, when no other test does.</summary>
[Slow]
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;
