using System.ComponentModel.DataAnnotations;

namespace ExplainService.Runtime.Sessions;

/// <summary>The name of an execution provider that ONNX Runtime comes with here, or a library's path.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ProviderNameAttribute() : ValidationAttribute("it must be cpu, cuda, or the path of a provider library that is there")
{
    internal const string Cpu = "cpu";
    internal const string Cuda = "cuda";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is string name
        && (
            name.Equals(Cpu, StringComparison.OrdinalIgnoreCase)
            || name.Equals(Cuda, StringComparison.OrdinalIgnoreCase)
            || File.Exists(name)
        );
}
