using System.Collections.Concurrent;
using ExplainService.Api.Tests.Adapters;
using ExplainService.Api.Tests.Fakes;

namespace ExplainService.Api.Tests.Access;

/// <summary>
/// Ten thousand requests of whoever, in the service's own form and in those of other services: every one is answered, and as a table of who
/// may what, which is not the service's own, says.
/// </summary>
public sealed class RandomCallersTests : IDisposable
{
    private const int Requests = 10_000;
    private const int AtOnce = 8;
    private const string Mcp = "/mcp";

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

    /// <summary>What needs a key.</summary>
    private static readonly Call[] Guarded =
    [
        new("POST", "/predict", """{"text": "a"}""", "explain", true),
        new("POST", "/v1/shap", """{"text": "a", "seed": 4}""", "explain", true),
        new("POST", "/saliency", """{"text": "a", "model": "good"}""", "explain", true),
        new("POST", "/lime?format=json", """{"text": "a"}""", "explain", true),
        new("GET", "/models", null, "explain,jobs,jobs_all,models", false),
        new("HEAD", "/v1/models", null, "explain,jobs,jobs_all,models", false),
        new("GET", "/models/good", null, "explain,jobs,jobs_all,models", true),
        new("GET", "/MODELS/good", null, "explain,jobs,jobs_all,models", true),
        new("POST", "/models/good/load", null, "models", true),
        new("POST", "/models/good/unload", null, "models", true),
        new("GET", "/jobs", null, "jobs,jobs_all", false),
        new("GET", "/v1/jobs/00000000000000000000000000000000", null, "jobs,jobs_all", false),
        new("DELETE", "/jobs/none", null, "jobs,jobs_all", false),
        new("POST", "/jobs/none/cancel", null, "jobs,jobs_all", false),
        new("GET", "/metrics", null, "metrics", false),
        new("HEAD", "/metrics", null, "metrics", false),
        new("GET", "/no/such/path", null, "", false),
        new("GET", "/predict", null, "", false),
        new("OPTIONS", "/predict", null, "", false),
        new("GET", "/healthy", null, "", false),
        new("GET", "/v1/v1/models", null, "", false),
        new("GET", "/swaggers", null, "", false),
        new("GET", "/v1/metrics", null, "metrics", false),
        .. PeerCalls.Names.Select(name => Peer(name, "POST")),
        Peer("/predictions/{m}", "PUT"),
        new("GET", "/v2/models/good", null, "explain,jobs,jobs_all,models", true) { Peer = "/v2" },
        new("HEAD", "/v2/models/good/ready", null, "explain,jobs,jobs_all,models", true) { Peer = "/v2" },
        new("GET", "/v2/models/good/infer", null, "", false),
        new("POST", Mcp, Message("tools/list", "{}"), "explain", false),
        new("POST", Mcp, Message("tools/call", """{"name": "predict", "arguments": {"text": "a"}}"""), "explain", true),
        new("POST", Mcp, Message("tools/call", """{"name": "explain", "arguments": {"text": "a", "picture": false}}"""), "explain", true),
        new("GET", Mcp, null, "", false),
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
        ("GET", "/v2"),
        ("GET", "/v2/health/live"),
        ("HEAD", "/v2/health/ready"),
        ("GET", "/ping"),
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
        service.Explainer.Answer = (request, _, _) => Task.FromResult(FakeExplainer.Predicted(request));
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
        var call = request.Call;
        using var answer = await service.SendAsync(call.Verb, call.Path, call.Body, call.Type, request.Headers);
        var status = (int)answer.StatusCode;
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var what = $"{request}: {status} {body}";
        Assert.True(request.Refusal is { } refusal ? status == refusal : status is not (401 or 403), what);
        Assert.True(status is < 500 or 503, what);
        if (status >= 400 && call.Verb != "HEAD")
        {
            call.CheckProblem(status, body);
        }

        if (call.IsTool && status == 200)
        {
            // A tool refuses inside its answer.
            Assert.True(body.Contains("may not use", StringComparison.Ordinal) == !request.HasModel, what);
        }

        if (!request.HasModel && call.HidesModel)
        {
            Assert.False(body.Contains(FakeModels.Good, StringComparison.Ordinal), what);
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
            return new Request(new Call(open.Verb, open.Path, null, "", false), headers, null, HasModel: true);
        }

        var guarded = Guarded[random.Next(Guarded.Length)];
        if (guarded.Path == Mcp)
        {
            headers = [.. headers, ("Accept", "application/json, text/event-stream")];
        }

        return hasKeys
            ? new Request(guarded, headers, Refusal(key, guarded), HasModel: key is not null && Keys[key].HasModel)
            : new Request(guarded, headers, null, HasModel: true);
    }

    private static int? Refusal(string? key, Call call)
    {
        if (key is null)
        {
            return 401;
        }

        var (scopes, hasModel) = Keys[key];
        var may = call.AnyOf.Length == 0 || call.AnyOf.Split(',').Intersect(scopes.Split(',')).Any();
        return may && (hasModel || !call.UsesModel || call.IsTool) ? null : 403;
    }

    private static Call Peer(string name, string verb)
    {
        var (path, body, type) = PeerCalls.Of(name, FakeModels.Good, "a");
        return new Call(verb, path, body, "explain", true) { Type = type, Peer = name };
    }

    private static string Message(string method, string arguments) =>
        $$"""{"jsonrpc": "2.0", "id": 1, "method": "{{method}}", "params": {{arguments}}}""";

    /// <summary>What is asked.</summary>
    /// <param name="Verb">The method.</param>
    /// <param name="Path">Where.</param>
    /// <param name="Body">The body.</param>
    /// <param name="AnyOf">The scopes of which it needs one; empty: any key may ask it.</param>
    /// <param name="UsesModel">Whether it uses the model, which not every key may.</param>
    private sealed record Call(string Verb, string Path, string? Body, string AnyOf, bool UsesModel)
    {
        public string Type { get; init; } = "application/json";

        /// <summary>Whose form its problems have; null: the service's own.</summary>
        public string? Peer { get; init; }

        public bool IsTool => Path == Mcp && UsesModel;

        /// <summary>Whether it does not name the model, so that its answer may not either to whom it is not for.</summary>
        public bool HidesModel => !(Path + Body).Contains(FakeModels.Good, StringComparison.Ordinal);

        public void CheckProblem(int status, string body)
        {
            if (Peer is null)
            {
                Assert.Equal(status, Asking.Parse(body).GetProperty("status").GetInt32());
            }
            else
            {
                Assert.NotEmpty(PeerCalls.Refusal(Peer, status, body));
            }
        }
    }

    private sealed record Request(Call Call, (string Name, string Value)[] Headers, int? Refusal, bool HasModel)
    {
        public override string ToString() => $"{Call} with {string.Join(';', Headers)}, to be {Refusal}";
    }
}
