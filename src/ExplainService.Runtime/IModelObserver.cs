namespace ExplainService.Runtime;

/// <summary>Is told what becomes of the models, whoever caused it.</summary>
public interface IModelObserver
{
    /// <summary>A model was loaded.</summary>
    void Loaded(string model, TimeSpan elapsed);

    /// <summary>A model's memory was freed.</summary>
    void Unloaded(string model);

    /// <summary>A model did not load. The reason is about its folder, or about this machine; a load knows of no request.</summary>
    void Failed(string model, string reason);

    /// <summary>
    /// This service broke down over a model, which is not to blame for it. Models are read and compiled without the text of any request, so
    /// that the exception holds nothing that users wrote.
    /// </summary>
    void Faulted(string model, Exception fault);
}
