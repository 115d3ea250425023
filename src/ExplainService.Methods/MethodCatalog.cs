using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>Every method and task of this assembly: a new file is in the catalogue without being registered anywhere.</summary>
public sealed class MethodCatalog
{
    private readonly Dictionary<Type, IExplanationMethod> methods;
    private readonly Dictionary<ModelTask, ITaskAdapter> adapters;

    /// <summary>The catalogue of this assembly; its methods keep nothing between requests.</summary>
    public static MethodCatalog Default { get; } = new();

    /// <summary>Finds them.</summary>
    /// <exception cref="ArgumentException">Two methods answer the same request, or two adapters the same task.</exception>
    public MethodCatalog()
    {
        methods = Instances<IExplanationMethod>().ToDictionary(method => method.RequestType);
        adapters = Instances<ITaskAdapter>().ToDictionary(adapter => adapter.Task);
        Quality = Instances<IQualityCheck>().Single();
    }

    /// <summary>Says how far an answer's scores can be trusted.</summary>
    public IQualityCheck Quality { get; }

    /// <summary>All methods, by their routes.</summary>
    public IEnumerable<IExplanationMethod> Methods => methods.Values.OrderBy(method => method.Path, StringComparer.Ordinal);

    /// <summary>The routes of some of them, for messages.</summary>
    public string Paths(Func<IExplanationMethod, bool> chosen) => string.Join(", ", Methods.Where(chosen).Select(method => method.Path));

    /// <summary>The method that answers a request.</summary>
    public IExplanationMethod For(ExplainRequest request) => methods[request.GetType()];

    /// <summary>How to read a task's predictions; null for models without a head.</summary>
    public ITaskAdapter? AdapterOf(ModelTask task) =>
        // With the labels of a request it is a classifier of pictures.
        adapters.GetValueOrDefault(task == ModelTask.ZeroShotImageClassification ? ModelTask.ImageClassification : task);

    private static IEnumerable<T> Instances<T>() =>
        typeof(MethodCatalog)
            .Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(T)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)!);
}
