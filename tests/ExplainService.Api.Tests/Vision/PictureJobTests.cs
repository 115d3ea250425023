using System.IO.Compression;
using ExplainService.Api.Tests.Jobs;
using ExplainService.Goldens;
using ExplainService.Methods.Occlusion;
using ExplainService.Testing;

namespace ExplainService.Api.Tests.Vision;

/// <summary>Jobs over a zip or a folder of pictures.</summary>
public sealed class PictureJobTests(PictureJobTests.VisionJobs service) : IClassFixture<PictureJobTests.VisionJobs>
{
    [Fact]
    public async Task A_zip_of_pictures_is_explained_picture_by_picture()
    {
        byte[][] pictures = [VisionService.Of(40, 32), VisionService.Picture];
        var zip = Zip(
            ("b/two.png", pictures[1]),
            ("a/one.png", pictures[0]),
            ("a/notes.txt", "none"u8.ToArray()),
            ("__MACOSX/a/._one.png", [1])
        );
        var id = (
            await service.Client.PostFileAsync(
                new { kind = "explain", request = new { endpoint = "/occlusion", replacement = "zero" } },
                zip,
                "pictures.zip"
            )
        ).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var rows = await service.Client.ResultsAsync(id);
        Assert.Equal(["a/notes.txt", "a/one.png", "b/two.png"], rows.Select(row => row.GetProperty("id").GetString()));
        foreach (var (picture, row) in pictures.Zip(rows.Skip(1)))
        {
            var alone = await service.AskAsync<OcclusionAnswer>(
                "/occlusion",
                new { image = Convert.ToBase64String(picture), replacement = "zero" }
            );
            var units = row.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble());
            Assert.All(alone.Units.Scores().Zip(units), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [Fact]
    public async Task Superpixels_are_explained_of_the_pictures_that_a_condition_chooses()
    {
        var id = (
            await service.Client.PostFileAsync(
                new
                {
                    kind = "explain",
                    request = new
                    {
                        endpoint = "/occlusion",
                        granularity = "superpixel",
                        segments = 4,
                    },
                    only_if = new { probability_above = 0.0 },
                },
                Zip(("one.png", VisionService.Picture)),
                "pictures.zip"
            )
        ).Id();
        await service.Client.WhenAsync(id, "succeeded");
        Assert.NotEmpty((await service.Client.ResultsAsync(id)).Single().GetProperty("units").EnumerateArray());
    }

    [Theory]
    [InlineData("surrogate", "kind")]
    [InlineData("importance", "kind")]
    public async Task A_job_about_words_is_none_of_pictures(string kind, string field)
    {
        var (status, body) = await service.Client.TryPostFileAsync(new { kind }, Zip(("one.png", VisionService.Picture)), "pictures.zip");
        Assert.Equal(422, status);
        Assert.True(body.GetProperty("errors").TryGetProperty(field, out _), body.GetRawText());
    }

    [Fact]
    public async Task A_picture_that_unpacks_to_a_thousand_times_its_size_is_a_row_that_is_too_large()
    {
        var zip = Zip(("bomb.png", new byte[64 << 20]), ("one.png", VisionService.Picture));
        var id = (await service.Client.PostFileAsync(new { kind = "predict" }, zip, "pictures.zip")).Id();
        await service.Client.WhenAsync(id, "succeeded");
        var rows = await service.Client.ResultsAsync(id);

        Assert.True(zip.Length < 1 << 20);
        Assert.Equal(400, rows[0].GetProperty("status").GetInt32());
        Assert.True(rows[1].TryGetProperty("prediction", out _));
    }

    [Fact]
    public async Task A_zip_whose_directory_is_damaged_is_refused()
    {
        var zip = Zip(("one.png", VisionService.Picture));
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        zip[directory] = 0;
        var (status, body) = await service.Client.TryPostFileAsync(new { kind = "predict" }, zip, "pictures.zip");
        Assert.True(status == 422, body.GetRawText());
    }

    [Fact]
    public async Task A_broken_zip_is_refused()
    {
        var (status, body) = await service.Client.TryPostFileAsync(new { kind = "predict" }, [80, 75, 3, 4, 0, 0, 9], "pictures.zip");
        Assert.True(status == 422, $"{status} {body.GetRawText()}");
    }

    [Fact]
    public async Task A_folder_of_pictures_has_a_row_a_picture_in_the_order_of_their_names_and_no_link_leads_out_of_it()
    {
        byte[][] pictures = [VisionService.Picture, VisionService.Of(40, 32)];
        var folder = Directory.CreateDirectory(Path.Combine(service.Inputs, "cats", "small"));
        File.WriteAllBytes(Path.Combine(folder.FullName, "one.png"), pictures[0]);
        File.WriteAllBytes(Path.Combine(folder.Parent!.FullName, "z.png"), pictures[1]);
        File.WriteAllText(Path.Combine(folder.Parent.FullName, "notes.txt"), "none");
        File.WriteAllBytes(Path.Combine(folder.Parent.FullName, ".hidden.png"), pictures[1]);
        var outside = Directory.CreateTempSubdirectory("outside-");
        try
        {
            File.WriteAllBytes(Path.Combine(outside.FullName, "secret.png"), pictures[1]);
            Directory.CreateSymbolicLink(Path.Combine(folder.Parent.FullName, "linked"), outside.FullName);
            File.CreateSymbolicLink(Path.Combine(folder.Parent.FullName, "link.png"), Path.Combine(outside.FullName, "secret.png"));
            var id = (
                await service.PostJobAsync(
                    new
                    {
                        kind = "explain",
                        input = new { path = "cats" },
                        request = new { endpoint = "/occlusion", replacement = "zero" },
                    }
                )
            ).Id();
            await service.Client.WhenAsync(id, "succeeded");
            var rows = await service.Client.ResultsAsync(id);

            Assert.Equal(["notes.txt", "small/one.png", "z.png"], rows.Select(row => row.GetProperty("id").GetString()));
            Assert.Equal(400, rows[0].GetProperty("status").GetInt32());
            foreach (var (picture, row) in pictures.Zip(rows.Skip(1)))
            {
                var alone = await service.AskAsync<OcclusionAnswer>(
                    "/occlusion",
                    new { image = Convert.ToBase64String(picture), replacement = "zero" }
                );
                var units = row.GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("score").GetDouble());
                Assert.All(alone.Units.Scores().Zip(units), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            }
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("empty", null)]
    [InlineData("linked-out", null)]
    [InlineData("..", null)]
    [InlineData("texts", "csv")]
    public async Task A_folder_without_pictures_outside_or_of_something_else_is_refused(string path, string? format)
    {
        Directory.CreateDirectory(Path.Combine(service.Inputs, "empty"));
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(service.Inputs, "texts")).FullName, "a.png"), [1]);
        var link = Path.Combine(service.Inputs, "linked-out");
        if (!Directory.Exists(link))
        {
            Directory.CreateSymbolicLink(link, Path.GetTempPath());
        }

        var (status, body) = await service.PostAsync("/jobs", new { kind = "predict", input = new { path, format } });
        Assert.Equal(422, status);
        Assert.True(body.GetProperty("errors").TryGetProperty(format is null ? "input.path" : "input.format", out _), body.GetRawText());
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The service with the reference model of pictures and a folder for jobs.</summary>
    public sealed class VisionJobs : TestHost
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("explain-vision-jobs-");

        /// <summary>Where <c>input.path</c> may point.</summary>
        public string Inputs => folder.CreateSubdirectory("inputs").FullName;

        protected override IEnumerable<(string Key, string Value)> Settings =>
            [
                ("Jobs:InputDirectory", Inputs),
                ("Models:Directory", ReferenceData.PathOf("vision")),
                ("Runtime:TokenBudget", "256"),
                ("Jobs:Directory", Path.Combine(folder.FullName, "jobs")),
            ];

        protected override string TemporaryFolder => folder.FullName;
    }
}
