namespace ExplainService.Graph.Onnx;

/// <summary>Where a model's external data may be: in the folder of its file, and nowhere else.</summary>
internal static class ExternalLocation
{
    /// <summary>The file that a model means by a location.</summary>
    /// <param name="model">Path of the model's own file.</param>
    /// <param name="location">What it says.</param>
    /// <param name="reader">Who says it, for the refusal.</param>
    /// <remarks>
    /// A model file is untrusted input: without these checks it could make the service read any file on the machine. Links are followed as
    /// far as the folder of the model file itself, so that a Hugging Face cache (links to ../../blobs) loads.
    /// </remarks>
    /// <exception cref="GraphFormatException">It is missing or outside.</exception>
    public static string Resolve(string model, string location, string reader)
    {
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Split('/', '\\').Contains(".."))
        {
            throw new GraphFormatException($"{reader} points outside the model's folder: '{location}'.");
        }

        var file = Path.GetFullPath(model);
        var folder = Path.GetDirectoryName(file)!;
        var path = Path.GetFullPath(Path.Combine(folder, location));
        if (!File.Exists(path))
        {
            throw new GraphFormatException($"{reader} needs the file '{location}', which is missing.");
        }

        if (PlainFile.Problem(path) is { } problem)
        {
            throw new GraphFormatException($"{reader} needs the file '{location}', which {problem}.");
        }

        var real = RealPath(path);
        string[] allowed = [RealPath(folder), Path.GetDirectoryName(RealPath(file))!];
        return Array.Exists(allowed, root => real.StartsWith(Inside(root), StringComparison.Ordinal))
            ? real
            : throw new GraphFormatException($"{reader} points outside the model's folder through a link: '{location}'.");
    }

    /// <summary>What the paths of a folder's files begin with.</summary>
    private static string Inside(string folder) => Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;

    private static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = info.LinkTarget is null ? next : RealPath(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next);
        }

        return real;
    }
}
