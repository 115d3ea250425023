using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ExplainService.Api.Tests.Architecture;

/// <summary>Arrows between the folders of <c>src</c>, read from the compiled code, bodies of methods included.</summary>
public sealed class FolderCircleTests
{
    private static readonly string[] Projects = ["Text", "Images", "Graph", "Runtime", "Methods", "Rendering", "Protocol", "Jobs", "Api"];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Service = new(() =>
        new ArchLoader().LoadAssemblies([.. Projects.Select(AssemblyOf)]).Build()
    );

    /// <summary>A namespace is a folder (RepositoryTests), and each is a slice of its own.</summary>
    private static SliceRule NoCircles => SliceRuleDefinition.Slices().Matching("ExplainService.(**)").Should().BeFreeOfCycles();

    [Fact]
    public void No_folder_reaches_itself_through_others() => NoCircles.Check(Service.Value);

    [Fact]
    public void A_planted_circle_in_bodies_of_methods_is_reported()
    {
        var planted = new ArchLoader()
            .LoadNamespacesWithinAssembly(typeof(FolderCircleTests).Assembly, "ExplainService.Api.Tests.Architecture.Planted")
            .Build();

        var broken = NoCircles.Evaluate(planted).Where(result => !result.Passed).Select(result => result.Description);

        Assert.Contains(broken, description => description.Contains("Planted.Left", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Methods", "Runtime")]
    [InlineData("Protocol", "Runtime")]
    [InlineData("Jobs", "Runtime")]
    [InlineData("Rendering", "Runtime")]
    public void A_project_knows_the_face_of_another_and_not_its_rooms(string project, string other)
    {
        var rooms = Types().That().ResideInNamespaceMatching($@"^ExplainService\.{other}\.");

        Types().That().ResideInAssembly(AssemblyOf(project)).Should().NotDependOnAny(rooms).Check(Service.Value);
    }

    private static System.Reflection.Assembly AssemblyOf(string project) => System.Reflection.Assembly.Load("ExplainService." + project);
}
