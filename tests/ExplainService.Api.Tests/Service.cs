using ExplainService.Testing;

namespace ExplainService.Api.Tests;

/// <summary>The service with the bundled models, behind real HTTP; one for all tests of a collection.</summary>
public class Service : TestHost
{
    protected override IEnumerable<(string Key, string Value)> Settings => Bundled;
}
