using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Zoo;

/// <summary>The service with all models of the zoo, behind real HTTP.</summary>
public sealed class ZooService : ServiceOf<Zoo>;

/// <summary>The service with all models of a collection, behind real HTTP.</summary>
public class ServiceOf<TCollection> : TestHost
    where TCollection : IModelCollection
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Models:Directory", ReferenceData.PathOf(TCollection.Folder)), ("Runtime:TokenBudget", "256")];
}
