namespace ExplainService.Runtime.Folders;

/// <summary>The folders of <c>Models:Directory</c>, looked at anew each time.</summary>
internal sealed class FolderNames(string directory)
{
    private volatile IReadOnlyList<string> last = [];

    /// <summary>
    /// The folders there are now, in order; or, while the directory itself cannot be read, those that there were, with the reason: a volume
    /// that is away for a moment takes no model with it and makes no other one the default.
    /// </summary>
    /// <remarks>Names come from the disk, not from a request, so none leads out of it.</remarks>
    public (IReadOnlyList<string> Names, string? Problem) Read()
    {
        try
        {
            last =
            [
                .. Directory
                    .EnumerateDirectories(directory)
                    .Select(path => Path.GetFileName(path))
                    .Where(name => !name.StartsWith('.'))
                    .Order(StringComparer.Ordinal),
            ];
            return (last, null);
        }
        catch (DirectoryNotFoundException)
        {
            return (last, "Models:Directory is not there");
        }
        catch (UnauthorizedAccessException)
        {
            return (last, "Models:Directory cannot be read: access is denied");
        }
        catch (IOException)
        {
            return (last, "Models:Directory cannot be read");
        }
    }
}
