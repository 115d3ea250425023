using System.Security.Cryptography;
using System.Text;

namespace ExplainService.Api.Tests.Access;

/// <summary>Keys as a configuration lets them in.</summary>
internal static class TestKeys
{
    /// <summary>The key of a name, as its owner sends it.</summary>
    public static string Of(string name) => "key-of-" + name;

    /// <summary>The lines of the configuration for a key.</summary>
    /// <param name="number">Its place.</param>
    /// <param name="name">Its name.</param>
    /// <param name="further">What else is said of it.</param>
    public static (string Key, string Value)[] Settings(int number, string name, params (string Setting, string Value)[] further) =>
        [
            (Path(number, "Name"), name),
            (Path(number, "Sha256"), Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Of(name))))),
            .. further.Select(setting => (Path(number, setting.Setting), setting.Value)),
        ];

    private static string Path(int number, string setting) => FormattableString.Invariant($"Auth:Keys:{number}:{setting}");
}
