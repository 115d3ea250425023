using System.Xml.Linq;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>The rules of docs/architecture.md that a compiler does not check.</summary>
public sealed class RepositoryTests
{
    private const int MaxLines = 400;

    /// <summary>
    /// Api → Jobs → Protocol, Api → Rendering, both → Methods → Runtime → Graph, and Runtime → Text and Images: what each project may reference. References are not
    /// transitive (<c>Directory.Build.props</c>), so that the compiler refuses what is not named in a project's file.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Text"] = [],
        ["Graph"] = [],
        ["Images"] = [],
        ["Runtime"] = ["Graph", "Images", "Text"],
        ["Methods"] = ["Images", "Runtime", "Text"],
        ["Rendering"] = ["Images", "Methods", "Runtime", "Text"],
        ["Protocol"] = ["Images", "Methods", "Runtime", "Text"],
        ["Jobs"] = ["Images", "Protocol", "Methods", "Runtime", "Text"],
        ["Api"] = ["Images", "Jobs", "Protocol", "Rendering", "Methods", "Runtime", "Text"],
    };

    public static TheoryData<string> Projects =>
        new(
            Directory
                .GetFiles(Path.Combine(ReferenceData.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                .Select(path => Path.GetFileNameWithoutExtension(path))
        );

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_point_one_way(string project)
    {
        var file = XDocument.Load(Path.Combine(ReferenceData.Root, "src", project, project + ".csproj"));
        var references = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Select(Room);

        Assert.Subset(Allowed[Room(project)].ToHashSet(), references.ToHashSet());
    }

    [Theory]
    [InlineData("Text", "Microsoft.AspNetCore")]
    [InlineData("Graph", "Microsoft.AspNetCore")]
    [InlineData("Images", "Microsoft.AspNetCore")]
    [InlineData("Rendering", "Microsoft.AspNetCore")]
    [InlineData("Methods", "Microsoft.AspNetCore")]
    [InlineData("Protocol", "Microsoft.AspNetCore")]
    [InlineData("Jobs", "Microsoft.AspNetCore")]
    [InlineData("Runtime", "Microsoft.AspNetCore")]
    [InlineData("Text", "OpenTelemetry")]
    [InlineData("Graph", "OpenTelemetry")]
    [InlineData("Rendering", "OpenTelemetry")]
    [InlineData("Runtime", "OpenTelemetry")]
    [InlineData("Methods", "OpenTelemetry")]
    [InlineData("Protocol", "OpenTelemetry")]
    [InlineData("Jobs", "OpenTelemetry")]
    [InlineData("Images", "OpenTelemetry")]
    [InlineData("Text", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Graph", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Images", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Methods", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Rendering", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Protocol", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Jobs", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Api", "Microsoft.ML.OnnxRuntime")]
    public void A_room_knows_nothing_of_what_is_not_its_own(string room, string space)
    {
        var knowing = Sources("src/ExplainService." + room)
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith("using " + space, StringComparison.Ordinal)));

        Assert.Empty(knowing);
    }

    [Fact]
    public void No_file_is_over_the_limit_of_lines()
    {
        var long_ = Sources("src")
            .Concat(Sources("tests"))
            .Select(path => (Path: Path.GetRelativePath(ReferenceData.Root, path), Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > MaxLines);

        Assert.Empty(long_);
    }

    [Fact]
    public void A_namespace_is_a_folder()
    {
        var elsewhere = Sources("src")
            .Select(path => (Path: Path.GetRelativePath(Path.Combine(ReferenceData.Root, "src"), path), Space: Namespace(path)))
            .Where(file => file.Space is { } space && space != Path.GetDirectoryName(file.Path)!.Replace(Path.DirectorySeparatorChar, '.'));

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Program_is_a_table_of_contents() =>
        Assert.InRange(File.ReadLines(Path.Combine(ReferenceData.Root, "src", "ExplainService.Api", "Program.cs")).Count(), 1, 60);

    private static string? Namespace(string path) =>
        File.ReadLines(path)
            .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            ?["namespace ".Length..].TrimEnd(';', ' ');

    private static string Room(string project) => project["ExplainService.".Length..];

    private static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(ReferenceData.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));
}
