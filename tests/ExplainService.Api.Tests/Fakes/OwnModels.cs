using System.Net.Http.Json;
using ExplainService.Api.Contracts;
using ExplainService.Goldens;
using ExplainService.Testing;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;

namespace ExplainService.Api.Tests.Fakes;

/// <summary>The service with a directory of its operator's own: copies of one small real model by other names.</summary>
internal sealed class OwnModels : TestHost
{
    private readonly (string Key, string Value)[] settings;

    public OwnModels(string[] models, params (string Key, string Value)[] settings)
        : this(models, _ => { }, settings) { }

    /// <param name="models">Names of its models.</param>
    /// <param name="damage">What has become of the directory before the service starts.</param>
    /// <param name="settings">Settings of the service.</param>
    public OwnModels(string[] models, Action<string> damage, params (string Key, string Value)[] settings)
    {
        this.settings = settings;
        foreach (var model in models)
        {
            Add(model);
        }

        damage(Directory);
        StartServer();
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("own-models-").FullName;

    public CapturedLogs Logs { get; } = new();

    protected override string TemporaryFolder => Directory;

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Models:Directory", Directory), ("Runtime:TokenBudget", "256"), ("Runtime:MeasureFast", "false"), .. settings];

    /// <summary>Puts a folder into the directory.</summary>
    public void Add(string model)
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(Directory, model)).FullName;
        foreach (var file in System.IO.Directory.EnumerateFiles(ReferenceData.PathOf("zoo", "bert-cls")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    public async Task<ModelList> ModelsAsync() =>
        await (await Client.GetAsync(new Uri("/models", UriKind.Relative))).ReadAsync<ModelList>();

    public Task<HttpResponseMessage> PredictAsync() => Client.PostAsJsonAsync("/predict", new { text = "a fun film" });

    public async Task PostAsync(string path) => (await Client.PostAsync(new Uri(path, UriKind.Relative), null)).Dispose();

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<ILogEventSink>(Logs);
}
