using ExplainService.Api.Hosting;
using ExplainService.Goldens;

namespace ExplainService.Api.Tests.Http;

/// <summary>The bundled models are found from wherever the service is started.</summary>
public sealed class ModelsDirectoryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("src/ExplainService.Api")]
    [InlineData("src/ExplainService.Api/bin")]
    public void The_default_is_found_upwards(string start) =>
        Assert.Equal(
            ReferenceData.BundledModels,
            ModelsDirectory.Resolve(ModelsDirectory.Default, [Path.Combine(ReferenceData.Root, start)])
        );

    [Fact]
    public void A_full_path_stays_as_it_is() => Assert.Equal("/nowhere/models", ModelsDirectory.Resolve("/nowhere/models", ["/"]));

    [Fact]
    public void A_folder_that_is_not_there_yet_is_expected_where_the_service_starts() =>
        Assert.Equal("/tmp/no/such/models", ModelsDirectory.Resolve("no/such/models", ["/tmp", "/usr"]));
}
