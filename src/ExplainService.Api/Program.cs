using ExplainService.Api.Endpoints;
using ExplainService.Api.Hosting;
using ExplainService.Api.OpenApi;
using ExplainService.Api.Telemetry;

// appsettings.json lies beside the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddStructuredLogs();
builder.ResolveModelsDirectory();
builder.AddApi();

var app = builder.Build();
app.UseApi();
app.MapExplanations();
app.MapModels();
app.MapHealth();
app.MapExplorer();
app.MapServiceDocument();
await app.RunAsync();
