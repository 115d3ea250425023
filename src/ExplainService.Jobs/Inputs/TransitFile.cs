using System.Globalization;

namespace ExplainService.Jobs.Inputs;

/// <summary>Files that nobody sees and that go with the process.</summary>
internal static class TransitFile
{
    /// <summary>Makes one.</summary>
    /// <param name="folder">Where there is room for it.</param>
    public static FileStream Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"transit-{Guid.NewGuid():N}"));
        var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            }
        );
        if (!OperatingSystem.IsWindows())
        {
            // What has no name any more is gone with the process, however that ends.
            File.Delete(path);
        }

        return file;
    }
}
