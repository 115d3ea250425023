using System.Collections.Concurrent;

namespace ExplainService.Api.Tests.Access;

/// <summary>
/// Ten thousand requests of whoever: every one is answered, and as a table of who may what, which is not the service's own, says.
/// </summary>
public sealed class RandomCallersTests : IDisposable
{
    private const int Requests = 10_000;
    private const int AtOnce = 8;

    /// <summary>Keys by name: their scopes, and whether the model is theirs.</summary>
    private static readonly Dictionary<string, (string Scopes, bool HasModel)> Keys = new()
    {
        ["explainer"] = ("explain", true),
        ["clerk"] = ("jobs", true),
        ["auditor"] = ("jobs_all", true),
        ["keeper"] = ("models", true),
        ["watcher"] = ("metrics", true),
        ["operator"] = ("explain,jobs,jobs_all,models,metrics", true),
        ["stranger"] = ("explain,jobs,models", false),
        ["nobody"] = ("", true),
    };

    /// <summary>Requests that need a scope: one of these; whether they use the model.</summary>
    private static readonly (string Verb, string Path, string? Body, string AnyOf, bool UsesModel)[] Guarded =
    [
        ("POST", "/predict", """{"text": "a"}""", "explain", true),
        ("POST", "/v1/shap", """{"text": "a", "seed": 4}""", "explain", true),
        ("POST", "/saliency", """{"text": "a", "model": "good"}""", "explain", true),
        ("POST", "/lime?format=json", """{"text": "a"}""", "explain", true),
        ("GET", "/models", null, "explain,jobs,jobs_all,models", false),
        ("HEAD", "/v1/models", null, "explain,jobs,jobs_all,models", false),
        ("GET", "/models/good", null, "explain,jobs,jobs_all,models", true),
        ("GET", "/MODELS/good", null, "explain,jobs,jobs_all,models", true),
        ("POST", "/models/good/load", null, "models", true),
        ("POST", "/models/good/unload", null, "models", true),
        ("GET", "/jobs", null, "jobs,jobs_all", false),
        ("GET", "/v1/jobs/00000000000000000000000000000000", null, "jobs,jobs_all", false),
        ("DELETE", "/jobs/none", null, "jobs,jobs_all", false),
        ("POST", "/jobs/none/cancel", null, "jobs,jobs_all", false),
        ("GET", "/metrics", null, "metrics", false),
        ("HEAD", "/metrics", null, "metrics", false),
        ("GET", "/no/such/path", null, "", false),
        ("GET", "/predict", null, "", false),
        ("OPTIONS", "/predict", null, "", false),
        ("GET", "/healthy", null, "", false),
        ("GET", "/v1/v1/models", null, "", false),
        ("GET", "/swaggers", null, "", false),
    ];

    private static readonly (string Verb, string Path)[] Open =
    [
        ("GET", "/health/live"),
        ("GET", "/v1/health/ready"),
        ("HEAD", "/health/live"),
        ("GET", "/"),
        ("GET", "/explorer/app.js"),
        ("GET", "/openapi/v1.json"),
        ("GET", "/swagger/index.html"),
    ];

    /// <summary>Credentials that are nobody's.</summary>
    private static readonly (string Name, string Value)[] Wrong =
    [
        ("X-Api-Key", "key-of-nobody-here"),
        ("X-Api-Key", "KEY-OF-operator"),
        ("X-Api-Key", "key-of-operator,key-of-operator"),
        ("Authorization", "Bearer "),
        ("Authorization", "Basic a2V5LW9mLW9wZXJhdG9y"),
        ("Authorization", "Bearer a.b.c"),
        ("Authorization", "Bearer " + GuardedService.Token(new() { ["sub"] = "x", ["scope"] = "explain" }, audience: "another")),
        ("Cookie", "X-Api-Key=key-of-operator"),
        ("X-Forwarded-For", "127.0.0.1"),
    ];

    private readonly DirectoryInfo jobs = Directory.CreateTempSubdirectory("explain-callers-");

    public void Dispose() => jobs.Delete(recursive: true);

    [Fact]
    public async Task Nobody_is_let_in_wrongly_and_everybody_is_answered()
    {
        await using var service = new GuardedService([
            .. GuardedService.Tokens,
            ("Jobs:Directory", jobs.FullName),
            .. Keys.SelectMany(
                (key, number) =>
                    TestKeys.Settings(number, key.Key, [("Scopes", key.Value.Scopes), .. key.Value.HasModel ? [] : ModelsOfOthers])
            ),
        ]);

        var statuses = await SendAsync(service, new Random(20), hasKeys: true);

        // Each kind of answer was met often, so that the table was tried.
        Assert.All(new[] { 200, 401, 403, 404 }, status => Assert.InRange(statuses.GetValueOrDefault(status), Requests / 100, Requests));
    }

    [Fact]
    public async Task Without_keys_nobody_is_refused_for_who_they_are()
    {
        await using var service = new GuardedService(("Jobs:Directory", jobs.FullName));

        var statuses = await SendAsync(service, new Random(21), hasKeys: false);

        Assert.DoesNotContain(401, statuses.Keys);
        Assert.DoesNotContain(403, statuses.Keys);
    }

    private static (string, string)[] ModelsOfOthers => [("Models", "another")];

    private static async Task<IReadOnlyDictionary<int, int>> SendAsync(GuardedService service, Random random, bool hasKeys)
    {
        var statuses = new ConcurrentDictionary<int, int>();
        for (var sent = 0; sent < Requests; sent += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => OneAsync(service, Draw(random, hasKeys), statuses)).ToArray());
        }

        Assert.Equal(Requests, statuses.Values.Sum());
        return statuses;
    }

    private static async Task OneAsync(GuardedService service, Request request, ConcurrentDictionary<int, int> statuses)
    {
        using var answer = await service.SendAsync(request.Verb, request.Path, request.Body, headers: request.Headers);
        var status = (int)answer.StatusCode;
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var what = $"{request}: {status} {body}";
        Assert.True(request.Refusal is { } refusal ? status == refusal : status is not (401 or 403), what);
        Assert.True(status is < 500 or 503, what);
        if (status >= 400 && request.Verb != "HEAD")
        {
            Assert.Equal(status, Asking.Parse(body).GetProperty("status").GetInt32());
        }

        statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
    }

    /// <summary>A request, and the status with which it is to be refused for who sends it; null: it is not.</summary>
    private static Request Draw(Random random, bool hasKeys)
    {
        var key = random.Next(3) == 0 ? null : Keys.ElementAt(random.Next(Keys.Count)).Key;
        var asBearer = random.Next(2) == 0;
        (string Name, string Value)[] headers =
            key is not null ? [asBearer ? ("Authorization", "Bearer " + TestKeys.Of(key)) : ("X-Api-Key", TestKeys.Of(key))]
            : random.Next(2) == 0 ? []
            : [Wrong[random.Next(Wrong.Length)]];
        if (random.Next(8) == 0)
        {
            var open = Open[random.Next(Open.Length)];
            return new Request(open.Verb, open.Path, null, headers, null);
        }

        var guarded = Guarded[random.Next(Guarded.Length)];
        return new Request(guarded.Verb, guarded.Path, guarded.Body, headers, hasKeys ? Refusal(key, guarded) : null);
    }

    private static int? Refusal(string? key, (string Verb, string Path, string? Body, string AnyOf, bool UsesModel) request)
    {
        if (key is null)
        {
            return 401;
        }

        var (scopes, hasModel) = Keys[key];
        var may = request.AnyOf.Length == 0 || request.AnyOf.Split(',').Intersect(scopes.Split(',')).Any();
        return may && (hasModel || !request.UsesModel) ? null : 403;
    }

    private sealed record Request(string Verb, string Path, string? Body, (string Name, string Value)[] Headers, int? Refusal)
    {
        public override string ToString() => $"{Verb} {Path} with {string.Join(';', Headers)}, to be {Refusal}";
    }
}
