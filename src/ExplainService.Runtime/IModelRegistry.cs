using ExplainService.Text.Tokenization;

namespace ExplainService.Runtime;

/// <summary>Where a model is on its way from a folder to answers.</summary>
public enum ModelState
{
    /// <summary>Listed; loaded on first use.</summary>
    Available,

    /// <summary>Being loaded.</summary>
    Loading,

    /// <summary>Ready to answer.</summary>
    Loaded,

    /// <summary>The folder cannot be served; <see cref="ModelEntry.Error"/> says why.</summary>
    Broken,
}

/// <summary>One folder of <c>Models:Directory</c>, loaded or not.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="State">How far it is.</param>
/// <param name="Task">From config.json, known before loading; null where that cannot be read.</param>
/// <param name="Labels">From config.json, by index.</param>
/// <param name="Description">Known once loaded.</param>
/// <param name="FileHash">SHA-256 of the ONNX file(s), lower-case hex; computed when loaded.</param>
/// <param name="Bytes">Size of the ONNX file(s) with external data.</param>
/// <param name="Error">
/// What is wrong with a broken folder, in words for its owner; of a loaded model, why what is in its folder now cannot take its place.
/// </param>
public sealed record ModelEntry(
    string Name,
    ModelState State,
    ModelTask? Task,
    IReadOnlyList<string> Labels,
    ModelDescription? Description,
    string? FileHash,
    long Bytes,
    string? Error
)
{
    /// <summary>What is known of the int8 form; null until it has been measured, in the background after loading.</summary>
    public FastState? Fast { get; init; }

    /// <summary>What it takes of the process's memory; null where it is not loaded.</summary>
    public ModelMemory? Memory { get; init; }

    /// <summary>What its owner should know, beside what every answer of it says.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; } = [];
}

/// <summary>
/// What a model takes: its weights, once, and what the sessions of its forms took from the C library when they were made (graphs, plans,
/// matrices packed for the processor). What batches take while they run is shared by all models and not counted.
/// </summary>
/// <param name="Disk">Bytes of its files.</param>
/// <param name="Loaded">Bytes in memory with the forms that loading makes.</param>
/// <param name="WithForms">Bytes in memory with the forms that have been made since.</param>
public sealed record ModelMemory(long Disk, long Loaded, long WithForms);

/// <summary>A model that answers: its tokenizer and its runner.</summary>
public interface ILoadedModel
{
    /// <summary>What it is and can do.</summary>
    ModelDescription Description { get; }

    /// <summary>Text to tokens.</summary>
    Tokenizer Tokenizer { get; }

    /// <summary>Tokens to answers.</summary>
    IModelRunner Runner { get; }

    /// <summary>
    /// Of a model that compares pictures with texts the side of its texts, as a model of its own whose rows are compared with a picture
    /// (<see cref="TokenRow.Beside"/>); null: it reads one of the two.
    /// </summary>
    ILoadedModel? Texts => null;

    /// <summary>
    /// Keeps it in memory until disposed of, so that all steps of an explanation are by this model and no other; null: it is on its way out,
    /// and whoever asks for a model of its name again gets the next one.
    /// </summary>
    IDisposable? TryHold();

    /// <summary>
    /// The same model with its top layers drawn anew, each weight with the mean and the deviation that it had. Its forms take time and memory:
    /// one such model at a time is in memory, and whoever wants another waits for its turn.
    /// </summary>
    /// <param name="layers">How many layers, from the top, and all that is above them.</param>
    /// <param name="gaussian">Draws from the standard normal distribution.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="NotSupportedByModelException">The graph's layers were not recognised.</exception>
    Task<IRandomisedModel> RandomiseAsync(int layers, Func<double> gaussian, CancellationToken cancellationToken) =>
        throw new NotSupportedByModelException("This model's layers cannot be drawn anew.");
}

/// <summary>The models of <c>Models:Directory</c>.</summary>
public interface IModelRegistry
{
    /// <summary>The name of the model that requests without one get; null where there is none to choose.</summary>
    string? Default { get; }

    /// <summary>
    /// What is wrong with the directory as a whole, in words for its owner: it is not there, cannot be read, holds no model, or lacks the
    /// default that was configured; null where nothing is. A broken model among others is its entry's matter.
    /// </summary>
    string? Error { get; }

    /// <summary>The names of <see cref="List"/>, without a look into the folders.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>
    /// Every folder, by name, and what is loaded of folders that are not there any more. Looks at the disk again, so that models can be
    /// added while the service runs.
    /// </summary>
    IReadOnlyList<ModelEntry> List();

    /// <summary>One folder.</summary>
    /// <exception cref="ModelNotFoundException">No folder of that name.</exception>
    ModelEntry Find(string name);

    /// <summary>
    /// The model of that name (or the default), loaded on first use; concurrent callers share one load. What is loaded answers whatever
    /// becomes of its folder or of the directory.
    /// </summary>
    /// <exception cref="ModelNotFoundException">No such folder, or no name given and no default.</exception>
    /// <exception cref="ModelNotUsableException">The folder cannot be served.</exception>
    ValueTask<ILoadedModel> GetAsync(string? name, CancellationToken cancellationToken);

    /// <summary>
    /// Loads a model ahead of its use; a broken one is tried again. Where the files of a loaded one have changed, the new one is loaded beside
    /// it and takes its place when it is ready; requests that run end on the old one.
    /// </summary>
    /// <exception cref="ModelNotUsableException">What is in the folder now cannot be served. A model that was loaded goes on answering.</exception>
    Task<ModelEntry> LoadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Frees a model once the requests that use it have ended; its next use loads it again.</summary>
    Task<ModelEntry> UnloadAsync(string name, CancellationToken cancellationToken);
}
