using System.Reflection;

namespace ExplainService.Api.Telemetry;

/// <summary>The version of the service that runs.</summary>
internal static class ServiceVersion
{
    /// <summary><c>Version</c> of Directory.Build.props, without the commit that the compiler appends to it.</summary>
    public static string Number { get; } =
        typeof(ServiceVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
