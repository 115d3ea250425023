using ExplainService.Api.Hosting;

// Nothing of ASP.NET is touched before there are files enough to load it.
return OpenFiles.Suffice() ? await ExplainService.Api.ServiceHost.RunAsync(args) : 1;
