using ExplainService.Runtime.Folders;

namespace ExplainService.Runtime.Models;

/// <summary>What a folder shows of its model without loading it; looked at again when one of its files changes.</summary>
internal sealed class FolderListing(string path, string? file)
{
    private volatile Seen? last;

    /// <summary>The entry of a model that is loaded: what it was loaded from, whatever has become of the files.</summary>
    public ModelEntry Of(LoadedModel model)
    {
        var (description, read) = (model.Description, model.Read);
        return new ModelEntry(
            description.Name,
            ModelState.Loaded,
            description.Task,
            description.Labels,
            description,
            read.Hash.Graphs,
            read.Bytes,
            null
        )
        {
            Fast = model.Fast,
            Memory = new ModelMemory(read.Bytes, model.LoadedBytes, model.Bytes),
            Warnings = read.Source.IsUntouched(file)
                ? []
                :
                [
                    new(
                        ModelWarningCode.FilesChanged,
                        "Files of the model's folder have changed since it was loaded. It answers as it was loaded; load it again to serve what is there now, or unload it."
                    ),
                ],
        };
    }

    /// <summary>The entry of a model that is not loaded: available, or broken.</summary>
    /// <param name="stamp">The folder's stamp now.</param>
    public ModelEntry At(FolderStamp stamp)
    {
        if (last is { } known && known.Stamp == stamp)
        {
            return known.Entry;
        }

        var (entry, keep) = Read();
        if (keep)
        {
            last = new Seen(stamp, entry);
        }

        return entry;
    }

    private (ModelEntry Entry, bool Keep) Read()
    {
        var name = Path.GetFileName(path);
        try
        {
            var folder = ModelFolder.Open(path, file);
            var config = ModelConfig.Read(path);
            folder.RequireWhole();
            return (new ModelEntry(name, ModelState.Available, config.Task, config.Labels, null, null, folder.Bytes, null), true);
        }
        catch (Exception problem)
        {
            return (
                new ModelEntry(name, ModelState.Broken, null, [], null, null, 0, FolderProblem.Of(problem, path).Message),
                !FolderProblem.MayPass(problem)
            );
        }
    }

    private sealed record Seen(FolderStamp Stamp, ModelEntry Entry);
}
