using System.Text.Json;

namespace ExplainService.Goldens;

/// <summary>Locates the reference files (PyTorch's, Captum's and Hugging Face's own answers) that the tests compare with.</summary>
public static class ReferenceData
{
    /// <summary>The repository's root: the nearest folder upwards that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of reference files: <c>goldens</c>, <c>tokenizers</c>, <c>zoo</c>, <c>texts</c>.</summary>
    public static string Folder { get; } = Path.Combine(Root, "tests", "ExplainService.Goldens", "data");

    /// <summary>The models that are bundled with the service.</summary>
    public static string BundledModels { get; } = Path.Combine(Root, "deploy", "models");

    /// <summary>The path of a reference file or folder.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Parses a reference file. The caller disposes of the document.</summary>
    public static JsonDocument Json(params string[] parts) => JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ExplainService.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            "The tests run from a checkout of the repository: no ExplainService.sln above " + AppContext.BaseDirectory
        );
    }
}
