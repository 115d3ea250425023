using ExplainService.Testing;

namespace ExplainService.Explorer.Tests;

/// <summary>The real service with the bundled models on a random loopback port: a browser needs one.</summary>
public sealed class ExplorerService : TestHost
{
    public ExplorerService() => UseKestrel(0);

    /// <summary>Where the explorer is.</summary>
    public Uri Address => Client.BaseAddress!;

    protected override IEnumerable<(string Key, string Value)> Settings => [("urls", "http://127.0.0.1:0"), .. Bundled];
}
