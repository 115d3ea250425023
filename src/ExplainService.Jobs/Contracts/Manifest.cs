namespace ExplainService.Jobs.Contracts;

/// <summary>What an evidence's <c>manifest.json</c> says: what was done with what.</summary>
public sealed record Manifest
{
    /// <summary>The job, with every parameter, hashes of model and input, and its counts.</summary>
    public required JobAnswer Job { get; init; }

    /// <summary>The version of the service that wrote the evidence.</summary>
    public required string Service { get; init; }

    /// <summary>How to check the files: <c>sha256sum -c SHA256SUMS</c>.</summary>
    public required string Check { get; init; }
}
