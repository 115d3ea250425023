using ExplainService.Goldens;
using ExplainService.Testing;

namespace ExplainService.Explorer.Tests;

/// <summary>
/// The real service on a random loopback port, as a browser needs one: the bundled models, and tiny ones of the tasks that those lack.
/// </summary>
public sealed class ExplorerService : TestHost
{
    private static readonly string[] Tiny = ["bert-ner", "bert-qa"];

    /// <summary>A name of <see cref="Other"/> under which its pages may call the service.</summary>
    public const string Frontend = "frontend.localhost";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-explorer-");

    public ExplorerService()
    {
        foreach (
            var model in Directory
                .GetDirectories(ReferenceData.BundledModels)
                .Concat(Tiny.Select(name => ReferenceData.PathOf("zoo", name)))
                .Append(ReferenceData.PathOf("vision", "vit-cls"))
        )
        {
            Directory.CreateSymbolicLink(Path.Combine(Models, Path.GetFileName(model)), model);
        }

        TinyClip.Write(Path.Combine(Models, "tiny-clip"));
        UseKestrel(0);
    }

    /// <summary>Where the explorer is.</summary>
    public Uri Address => Client.BaseAddress!;

    /// <summary>A site beside the service.</summary>
    public OtherSite Other { get; } = OtherSite.Start();

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [
            ("urls", "http://127.0.0.1:0"),
            ("Models:Directory", Models),
            ("Models:Default", "minilm-sst2"),
            ("Cors:Origins", Other.Page(Frontend, "").GetLeftPart(UriPartial.Authority)),
            ("Jobs:Directory", Path.Combine(folder.FullName, "jobs")),
        ];

    protected override string? TemporaryFolder => folder.FullName;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Other.Dispose();
        }
    }

    private string Models => folder.CreateSubdirectory("models").FullName;
}
