using System.Diagnostics;
using System.Text.Json.Nodes;
using ExplainService.Goldens;
using ExplainService.Testing;
using static ExplainService.Api.Tests.Deploy.Kustomization;

namespace ExplainService.Api.Tests.Deploy;

/// <summary>The manifests: what they name is there, and no container may more than it must.</summary>
public sealed class KubernetesTests
{
    private static readonly string Folder = Path.Combine(YamlFile.Root, "kubernetes", "overlays");

    public static TheoryData<string> Overlays => new(Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)!));

    public static TheoryData<string> Files =>
        new(
            Directory
                .EnumerateFiles(YamlFile.Root, "*.yaml", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(YamlFile.Root, path))
        );

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_well_formed(string path) => Assert.NotEmpty(YamlFile.Read(Path.Combine(YamlFile.Root, path)));

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_file_beside_a_kustomization_is_used_by_it(string overlay)
    {
        foreach (var folder in new[] { Path.Combine(Folder, overlay), Path.Combine(YamlFile.Root, "kubernetes", "base") })
        {
            var settings = YamlFile.Read(Path.Combine(folder, "kustomization.yaml")).Single();
            var used = settings
                .ItemsAt("resources")
                .Select(one => (string)one!)
                .Concat(settings.ItemsAt("patches").Select(one => one.TextAt("path")));

            Assert.Equal(
                Directory
                    .EnumerateFiles(folder)
                    .Select(path => Path.GetFileName(path)!)
                    .Where(name => name != "kustomization.yaml")
                    .Order(),
                used.Where(name => name.EndsWith(".yaml", StringComparison.Ordinal)).Order()
            );
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void What_objects_name_is_there(string overlay)
    {
        var objects = Build(Path.Combine(Folder, overlay));
        var pods = Deployments(objects).Select(one => one.At("spec", "template", "metadata", "labels")!).ToList();

        foreach (var deployment in Deployments(objects))
        {
            Assert.True(
                Selects(deployment.At("spec", "selector", "matchLabels")!, deployment.At("spec", "template", "metadata", "labels")!)
            );
        }

        foreach (var one in objects.Where(one => one.TextAt("kind") is "PodDisruptionBudget" or "NetworkPolicy" or "Service"))
        {
            var selector =
                one.At("spec", "selector", "matchLabels") ?? one.At("spec", "podSelector", "matchLabels") ?? one.At("spec", "selector");
            Assert.Contains(pods, labels => Selects(selector!, labels));
        }

        foreach (var one in objects.Where(one => one.TextAt("kind") == "HorizontalPodAutoscaler"))
        {
            Assert.Contains(Deployments(objects), target => Name(target) == one.TextAt("spec", "scaleTargetRef", "name"));
        }

        Assert.Equal(["server"], objects.Where(one => one.TextAt("kind") == "Service").Select(Component));
        Assert.Equal(
            Deployments(objects).Select(one => one.TextAt("spec", "template", "metadata", "labels", "app.kubernetes.io/component")).Order(),
            objects.Where(one => one.TextAt("kind") == "PodDisruptionBudget").Select(Component).Order()
        );

        static string Component(JsonNode one) =>
            one.TextAt("spec", "selector", "app.kubernetes.io/component")
            + one.TextAt("spec", "selector", "matchLabels", "app.kubernetes.io/component");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void No_container_may_more_than_it_must(string overlay)
    {
        foreach (var deployment in Deployments(Build(Path.Combine(Folder, overlay))))
        {
            var pod = deployment.At("spec", "template", "spec");
            Assert.Equal("true", pod.TextAt("securityContext", "runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.TextAt("securityContext", "seccompProfile", "type"));
            Assert.Equal("false", pod.TextAt("automountServiceAccountToken"));
            foreach (var container in Containers(deployment))
            {
                var may = container.At("securityContext");
                Assert.Equal("true", may.TextAt("readOnlyRootFilesystem"));
                Assert.Equal("false", may.TextAt("allowPrivilegeEscalation"));
                Assert.Equal(["ALL"], may.ItemsAt("capabilities", "drop").Select(one => (string)one!));
                foreach (var kind in new[] { "requests", "limits" })
                {
                    Assert.Matches("^[1-9][0-9]*$", container.TextAt("resources", kind, "cpu"));
                    Assert.Matches("^[1-9][0-9]*Gi$", container.TextAt("resources", kind, "memory"));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Probes_ask_what_the_service_answers_where_it_listens(string overlay)
    {
        foreach (var container in Deployments(Build(Path.Combine(Folder, overlay))).SelectMany(Containers))
        {
            foreach (
                var (probe, path) in new[]
                {
                    ("startupProbe", "/health/live"),
                    ("livenessProbe", "/health/live"),
                    ("readinessProbe", "/health/ready"),
                }
            )
            {
                Assert.Equal(path, container.TextAt(probe, "httpGet", "path"));
                Assert.Contains(
                    container.ItemsAt("ports"),
                    port =>
                        port.TextAt("name") == container.TextAt(probe, "httpGet", "port")
                        && File.ReadAllText(Path.Combine(ReferenceData.Root, "Dockerfile"))
                            .Contains("EXPOSE " + port.TextAt("containerPort"), StringComparison.Ordinal)
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Variables_are_settings_of_the_service(string overlay)
    {
        var settings = File.ReadAllText(Path.Combine(ReferenceData.Root, "docs", "configuration.md"));

        foreach (
            var variable in Deployments(Build(Path.Combine(Folder, overlay))).SelectMany(Containers).SelectMany(one => one.ItemsAt("env"))
        )
        {
            var setting = variable.TextAt("name").Replace("__", ":", StringComparison.Ordinal);
            Assert.Contains($"| `{setting}` |", settings, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("cpu", "explain-service cpu")]
    [InlineData("gpu", "explain-service gpu Runtime__Provider=cuda nvidia.com/gpu=1")]
    [InlineData("postgres", "explain-service cpu Jobs__Role=api|explain-service-worker cpu Jobs__Role=worker")]
    public async Task An_overlay_is_what_its_name_says(string overlay, string deployments)
    {
        var folder = Path.Combine(Folder, overlay);
        var built = Build(folder);

        Assert.Equal(deployments, Summary(built));
        if (await ByKubectlAsync(folder) is { } byKubectl)
        {
            // Not only as this test reads kustomize's files.
            Assert.Equal(built.Select(Identity).Order(), byKubectl.Select(Identity).Order());
            Assert.Equal(deployments, Summary(byKubectl));
            Assert.Equal(Egress(built), Egress(byKubectl));
        }

        static string Identity(JsonNode one) => $"{one.TextAt("apiVersion")} {one.TextAt("kind")} {Name(one)}";

        static int Egress(List<JsonNode> objects) =>
            objects.Single(one => one.TextAt("kind") == "NetworkPolicy").ItemsAt("spec", "egress").Count();
    }

    /// <summary>What tells the Deployments of overlays apart.</summary>
    private static string Summary(List<JsonNode> objects) =>
        string.Join(
            '|',
            Deployments(objects)
                .OrderBy(Name, StringComparer.Ordinal)
                .Select(one =>
                {
                    var container = Containers(one).Single();
                    return string.Join(
                        ' ',
                        [
                            Name(one),
                            container.TextAt("image").Split(':')[1],
                            .. container
                                .ItemsAt("env")
                                .Where(variable => variable.TextAt("name") is "Runtime__Provider" or "Jobs__Role")
                                .Select(variable => $"{variable.TextAt("name")}={variable.TextAt("value")}"),
                            .. container
                                .At("resources", "limits")!
                                .AsObject()
                                .Where(limit => limit.Key.Contains('/', StringComparison.Ordinal))
                                .Select(limit => $"{limit.Key}={limit.Value}"),
                        ]
                    );
                })
        );

    private static List<JsonNode> Deployments(List<JsonNode> objects) => objects.FindAll(one => one.TextAt("kind") == "Deployment");

    private static bool Selects(JsonNode selector, JsonNode labels) =>
        selector.AsObject().All(pair => labels.TextAt(pair.Key) == (string?)pair.Value);

    /// <summary>What kubectl makes of a folder; null where there is none.</summary>
    private static async Task<List<JsonNode>?> ByKubectlAsync(string folder)
    {
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (paths.Select(path => Path.Combine(path, "kubectl")).FirstOrDefault(File.Exists) is not { } kubectl)
        {
            return null;
        }

        using var process = Process.Start(
            new ProcessStartInfo(kubectl, ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience.Ample);
        Assert.True(process.ExitCode == 0, await errors);
        return [.. YamlFile.Parse(await output)];
    }
}
