using System.Text.Json;
using System.Xml.Linq;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>
/// The licences of what the service is built of, as the packages themselves state them. <c>UPDATE_LICENCES=1</c> writes docs/licences.md anew.
/// </summary>
public sealed class LicenceTests
{
    /// <summary>What may be used in a service under Apache-2.0 and given on with it.</summary>
    private static readonly HashSet<string> Allowed = ["MIT", "Apache-2.0", "BSD-3-Clause", "PostgreSQL"];

    /// <summary>Packages that only point to their licence, which was read there.</summary>
    private static readonly Dictionary<string, string> Read = new()
    {
        ["JmesPath.Net.Parser"] = "Apache-2.0",
        ["K4os.Compression.LZ4"] = "MIT",
    };

    private static readonly string Page = Path.Combine(ReferenceData.Root, "docs", "licences.md");

    private static readonly string Restored =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [Fact]
    public void Every_package_may_be_used_and_given_on()
    {
        var refused = Licences().Where(package => !package.Value.Split(" OR ").Any(Allowed.Contains));

        Assert.Empty(refused);
    }

    [Fact]
    public void The_page_lists_every_package_with_its_licence()
    {
        var table = string.Concat(Licences().Select(package => $"| {package.Key} | {package.Value} |\n"));
        var text = File.ReadAllText(Page);
        var start = text.IndexOf("|---|---|\n", StringComparison.Ordinal) + "|---|---|\n".Length;
        if (Environment.GetEnvironmentVariable("UPDATE_LICENCES") == "1")
        {
            File.WriteAllText(Page, text = text[..start] + table);
        }

        Assert.Equal(table, text[start..]);
    }

    /// <summary>The licence of each package of the lock files of src.</summary>
    private static SortedDictionary<string, string> Licences()
    {
        var licences = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var usual = Packages("packages.lock.json").ToHashSet();
        foreach (var (name, version) in usual.Concat(Packages("packages.gpu.lock.json")).Distinct())
        {
            var folder = Path.Combine(Restored, name.ToLowerInvariant(), version.ToLowerInvariant());
            if (Directory.Exists(folder))
            {
                licences[name] = LicenceOf(name, folder);
                continue;
            }

            // A machine that builds for a CPU alone has not restored those of the other build: the page says what they were when it had them.
            Assert.DoesNotContain((name, version), usual);
            licences.TryAdd(
                name,
                File.ReadLines(Page)
                    .Single(line => line.StartsWith($"| {name} | ", StringComparison.Ordinal))
                    .Split(" | ")[1]
                    .TrimEnd(' ', '|')
            );
        }

        return licences;
    }

    private static string LicenceOf(string name, string folder)
    {
        var licence = XDocument
            .Load(Path.Combine(folder, name.ToLowerInvariant() + ".nuspec"))
            .Descendants()
            .FirstOrDefault(element => element.Name.LocalName == "license");
        return (string?)licence?.Attribute("type") switch
        {
            "expression" => licence.Value,
            "file" when File.ReadAllText(Path.Combine(folder, licence.Value)).Contains("MIT License", StringComparison.Ordinal) => "MIT",
            _ => Read.GetValueOrDefault(name, "unknown"),
        };
    }

    private static IEnumerable<(string Name, string Version)> Packages(string lockFile)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(ReferenceData.Root, "src"), lockFile, SearchOption.AllDirectories))
        {
            using var locked = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var framework in locked.RootElement.GetProperty("dependencies").EnumerateObject())
            {
                foreach (var package in framework.Value.EnumerateObject().Where(one => one.Value.TryGetProperty("resolved", out _)))
                {
                    yield return (package.Name, package.Value.GetProperty("resolved").GetString()!);
                }
            }
        }
    }
}
