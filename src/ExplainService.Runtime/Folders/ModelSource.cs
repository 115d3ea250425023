using ExplainService.Graph;

namespace ExplainService.Runtime.Folders;

/// <summary>The files that a model is read from, as they were before any was opened.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Files">The paths of those that are read, or would be if they were there.</param>
/// <param name="Stamp">Their stamp.</param>
internal sealed record ModelSource(ModelFolder Folder, IReadOnlyList<string> Files, FolderStamp Stamp)
{
    /// <summary>Looks at a folder's files.</summary>
    public static ModelSource Of(ModelFolder folder)
    {
        IReadOnlyList<string> files = [.. folder.Settings, .. folder.Files];
        return new ModelSource(folder, files, FolderStamp.OfFiles(files));
    }

    /// <summary>Whether the same graphs would be chosen now and no file that is read has changed.</summary>
    /// <param name="file">The graph that the configuration names.</param>
    public bool IsUntouched(string? file)
    {
        try
        {
            return ModelFolder.Open(Folder.Path, file) == Folder && FolderStamp.OfFiles(Files) == Stamp;
        }
        catch (Exception error)
            when (error is ModelNotUsableException or GraphFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
