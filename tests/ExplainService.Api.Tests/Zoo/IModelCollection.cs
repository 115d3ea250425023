namespace ExplainService.Api.Tests.Zoo;

/// <summary>A folder of reference models, each with the answers that PyTorch gives.</summary>
public interface IModelCollection
{
    /// <summary>The folder's name in the reference data.</summary>
    static abstract string Folder { get; }
}

/// <summary>A family a model, exported by Optimum, and converted in many ways.</summary>
public sealed class Zoo : IModelCollection
{
    public static string Folder => "zoo";
}

/// <summary>Families and heads that the zoo lacks, as the older exporter of PyTorch 1.13 writes them.</summary>
public sealed class Families : IModelCollection
{
    public static string Folder => "families";
}
