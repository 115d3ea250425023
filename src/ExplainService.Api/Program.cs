using ExplainService.Api.Endpoints;
using ExplainService.Api.Hosting;
using ExplainService.Api.OpenApi;
using ExplainService.Api.Telemetry;

var builder = WebApplication.CreateBuilder(args);
builder.AddStructuredLogs();
builder.ResolveModelsDirectory();
builder.AddApi();

var app = builder.Build();
app.UseApi();
app.MapExplanations();
app.MapModels();
app.MapHealth();
app.MapServiceDocument();
await app.RunAsync();
