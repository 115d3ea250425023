using System.Text.Json;
using System.Text.RegularExpressions;
using ExplainService.Api.Hosting;
using ExplainService.Goldens;
using ExplainService.Methods;
using ExplainService.Methods.Saliency;
using ExplainService.Runtime;
using Microsoft.Extensions.Configuration;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>The documentation names what there is: pages, endpoints, settings, metrics, rooms.</summary>
public sealed partial class DocumentationTests
{
    private const int MaxWordsOfReadme = 900;
    private const string SourcePrefix = "src/ExplainService.";

    /// <summary>Folders that were not written here, or not by hand.</summary>
    private static readonly HashSet<string> Foreign = ["bin", "obj", "node_modules", "artifacts", ".git", "data", "models"];

    private static readonly HashSet<string> CodeSuffixes =
    [
        ".cs",
        ".csproj",
        ".props",
        ".sh",
        ".js",
        ".mjs",
        ".ts",
        ".yml",
        ".yaml",
        ".json",
    ];

    /// <summary>Paths from the repository's root, with slashes.</summary>
    private static readonly string[] Files = [.. FilesOf(new DirectoryInfo(ReferenceData.Root))];

    private static readonly string[] Pages = [.. Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal))];

    /// <summary>The sources of every folder of <c>src</c>, by its name in the table: <c>Methods/Shapley</c>.</summary>
    private static readonly ILookup<string, string> SourcesByRoom = Files
        .Where(path => path.StartsWith(SourcePrefix, StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
        .ToLookup(path => Path.GetDirectoryName(path)![SourcePrefix.Length..].Replace('\\', '/'));

    public static TheoryData<string> AllPages => new(Pages);

    public static TheoryData<string> Rooms => new(SourcesByRoom.Select(room => room.Key));

    [Fact]
    public void Pages_that_code_names_exist()
    {
        var missing =
            from path in Files
            where IsCode(path)
            from name in PageName().Matches(Read(path)).Select(match => match.Value).Distinct()
            where !Pages.Any(page => page == name || page.EndsWith("/" + name, StringComparison.Ordinal))
            select $"{path} names {name}";

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void Links_lead_somewhere(string page)
    {
        var broken = Links(page).Where(link => !LeadsSomewhere(page, link));

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(AllPages))]
    public void A_page_holds_no_remains_of_the_code_that_it_was_taken_from(string page) =>
        Assert.DoesNotMatch("</?summary>|<see cref|public static class", Read(page));

    [Fact]
    public void The_readme_is_short() =>
        Assert.InRange(Read("README.md").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 1, MaxWordsOfReadme);

    [Fact]
    public void Every_endpoint_is_in_api_md()
    {
        using var document = JsonDocument.Parse(Read("openapi/openapi.json"));
        var page = Read("docs/api.md");

        var missing =
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from verb in path.Value.EnumerateObject()
            let endpoint = $"`{verb.Name.ToUpperInvariant()} {path.Name}`"
            where !page.Contains(endpoint, StringComparison.Ordinal)
            select endpoint;

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_field_of_a_request_is_in_api_md()
    {
        using var document = JsonDocument.Parse(Read("openapi/openapi.json"));
        var page = Read("docs/api.md");

        var missing =
            from schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
            where schema.Name.EndsWith("Request", StringComparison.Ordinal) && schema.Name is not ("TargetRequest" or "SpanRequest")
            from field in schema.Value.GetProperty("properties").EnumerateObject()
            where !page.Contains($"`{field.Name}`", StringComparison.Ordinal)
            select $"{schema.Name}: {field.Name}";

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData("docs/api.md")]
    [InlineData("docs/methods.md")]
    public void Every_saliency_algorithm_is_in_the_page(string page) =>
        Assert.All(SaliencyAlgorithms.Names, name => Assert.Contains($"`{name}`", Read(page), StringComparison.Ordinal));

    [Fact]
    public void Every_warning_code_is_in_api_md()
    {
        var page = Read("docs/api.md");

        var missing = new[] { typeof(MethodCatalog).Assembly, typeof(IModelRegistry).Assembly }
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("WarningCode", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields())
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(code => !page.Contains($"| `{code}` |", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_setting_is_in_configuration_md()
    {
        var page = Read("docs/configuration.md");

        var missing = Settings().Where(setting => !Regex.IsMatch(page, $"^\\| `{Regex.Escape(setting)}[`:]", RegexOptions.Multiline));

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_metric_is_in_operations_md()
    {
        var page = Read("docs/operations.md");

        var missing = Files
            .Where(path => path.StartsWith("src/ExplainService.Api/Telemetry/", StringComparison.Ordinal))
            .SelectMany(path => MetricName().Matches(Read(path)).Select(match => match.Groups["name"].Value))
            .Where(metric => !page.Contains("`" + metric, StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_uses_what_the_table_in_architecture_md_says(string room)
    {
        var row = RoomRow().Matches(Read("docs/architecture.md")).FirstOrDefault(row => row.Groups["room"].Value == room);
        Assert.True(row is not null, $"docs/architecture.md has no row | `{room}` | what it holds | what it may use |");

        var project = room.Split('/')[0];
        var used = SourcesByRoom[room]
            .SelectMany(path => Using().Matches(Read(path)).Select(match => RoomOf(match.Groups["space"].Value)))
            .Where(space => space != room && space.StartsWith(project + "/", StringComparison.Ordinal))
            .Select(space => space[(project.Length + 1)..]);
        Assert.Subset(row.Groups["uses"].Value.Split(", ").ToHashSet(), used.ToHashSet());
    }

    [Fact]
    public void The_table_of_rooms_names_no_room_that_is_not_there() =>
        Assert.Subset(
            SourcesByRoom.Select(room => room.Key).ToHashSet(),
            RoomRow().Matches(Read("docs/architecture.md")).Select(row => row.Groups["room"].Value).ToHashSet()
        );

    /// <summary>Every <c>Section:Key</c> that the service reads, as its check of misspelt keys knows them.</summary>
    private static IEnumerable<string> Settings()
    {
        const string Unknown = "NoSuchSetting";
        var sections = new[] { typeof(Program).Assembly, typeof(IModelRegistry).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => type.GetField("Section")?.GetRawConstantValue())
            .OfType<string>();
        var misspelt = sections.Select(section => KeyValuePair.Create($"{section}:{Unknown}", (string?)"1"));
        return UnknownSettings
            .Find(new ConfigurationBuilder().AddInMemoryCollection(misspelt).Build(), [])
            .SelectMany(found => found.Known.Split(", ").Select(key => found.Key.Replace(Unknown, key, StringComparison.Ordinal)));
    }

    /// <summary>The room of a namespace, or of a type that is used by its name.</summary>
    private static string RoomOf(string space)
    {
        var room = space.Replace('.', '/');
        return SourcesByRoom.Contains(room) || !room.Contains('/') ? room : RoomOf(room[..room.LastIndexOf('/')]);
    }

    private static bool IsCode(string path) =>
        CodeSuffixes.Contains(Path.GetExtension(path)) || Path.GetFileName(path).StartsWith("Dockerfile", StringComparison.Ordinal);

    private static IEnumerable<string> Links(string page) =>
        Link().Matches(CodeOfPages().Replace(Read(page), "")).Select(match => match.Groups["to"].Value);

    private static bool LeadsSomewhere(string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal))
        {
            return true;
        }

        var (file, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
        var folder = Path.GetDirectoryName(Path.Combine(ReferenceData.Root, page))!;
        var path = file.Length == 0 ? Path.Combine(ReferenceData.Root, page) : Path.GetFullPath(Path.Combine(folder, file));
        return (File.Exists(path) || Directory.Exists(path)) && (anchor is null || Anchors(path).Contains(anchor));
    }

    /// <summary>The headings of a page as forges make anchors of them.</summary>
    private static IEnumerable<string> Anchors(string path) =>
        Heading()
            .Matches(CodeOfPages().Replace(File.ReadAllText(path), ""))
            .Select(match => NoAnchor().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> FilesOf(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Select(file => Path.GetRelativePath(ReferenceData.Root, file.FullName).Replace('\\', '/'))
            .Concat(folder.EnumerateDirectories().Where(inner => !Foreign.Contains(inner.Name)).SelectMany(FilesOf));

    private static string Read(string path) => File.ReadAllText(Path.Combine(ReferenceData.Root, path));

    [GeneratedRegex(@"(?<![\w*])[\w-][\w./-]*\.md\b")]
    private static partial Regex PageName();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeOfPages();

    [GeneratedRegex(@"""(?<name>explain_[a-z_]+)""")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"^\| `(?<room>[A-Z][\w/]*)` \| [^|]+ \| (?<uses>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex RoomRow();

    [GeneratedRegex(@"^using (static )?(\w+ = )?ExplainService\.(?<space>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
