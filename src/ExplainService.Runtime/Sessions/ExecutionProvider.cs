using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace ExplainService.Runtime.Sessions;

/// <summary>Puts the execution provider that the configuration names into session options.</summary>
internal static class ExecutionProvider
{
    private static readonly Lock Gate = new();
    private static HashSet<string>? withoutPlugin;

    /// <summary>Whether models run on the processor, in its own memory.</summary>
    public static bool IsCpu(RuntimeOptions options) =>
        options.Provider.Equals(ProviderNameAttribute.Cpu, StringComparison.OrdinalIgnoreCase);

    /// <summary>Tries the provider before any model needs it.</summary>
    /// <exception cref="ProviderNotAvailableException">This build or machine has no such provider.</exception>
    public static void Require(RuntimeOptions options, OrtEnv environment)
    {
        using var session = new SessionOptions();
        Apply(options, session, environment);
    }

    /// <exception cref="ProviderNotAvailableException">This build or machine has no such provider.</exception>
    public static void Apply(RuntimeOptions options, SessionOptions session, OrtEnv environment)
    {
        if (IsCpu(options))
        {
            return;
        }

        try
        {
            if (options.Provider.Equals(ProviderNameAttribute.Cuda, StringComparison.OrdinalIgnoreCase))
            {
                AppendCuda(options, session);
            }
            else
            {
                AppendPlugin(options, session, environment);
            }
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            // Clients read this: where a library lies is none of their business.
            var why = error.Message.Replace(
                Path.GetFullPath(options.Provider),
                Path.GetFileName(options.Provider),
                StringComparison.Ordinal
            );
            throw new ProviderNotAvailableException(
                $"Runtime:Provider '{Path.GetFileName(options.Provider)}' cannot be used here: {why}",
                error
            );
        }
    }

    private static void AppendCuda(RuntimeOptions options, SessionOptions session)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = options.Device.ToString(CultureInfo.InvariantCulture) });
        session.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>A plug-in library registers devices under the name that we give it; the chosen one is appended.</summary>
    private static void AppendPlugin(RuntimeOptions options, SessionOptions session, OrtEnv environment)
    {
        var path = Path.GetFullPath(options.Provider);
        var others = Registration(environment, path);
        var devices = environment
            .GetEpDevices()
            .Where(device => device.EpName != "CPUExecutionProvider" && !others.Contains(device.EpName))
            .ToList();
        if (devices.Count <= options.Device)
        {
            throw new ProviderNotAvailableException(
                $"Runtime:Device is {options.Device}; the provider library '{Path.GetFileName(path)}' offers {devices.Count} devices, counted from 0"
            );
        }

        session.AppendExecutionProvider(environment, [devices[options.Device]], new Dictionary<string, string>());
    }

    /// <summary>Registers the library, the first time; returns the providers that there were without it.</summary>
    private static HashSet<string> Registration(OrtEnv environment, string path)
    {
        lock (Gate)
        {
            if (withoutPlugin is null)
            {
                var before = environment.GetEpDevices().Select(device => device.EpName).ToHashSet();
                environment.RegisterExecutionProviderLibrary("plugin", path);
                withoutPlugin = before;
            }

            return withoutPlugin;
        }
    }
}
