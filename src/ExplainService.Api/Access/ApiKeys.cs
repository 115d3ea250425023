using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ExplainService.Api.Access;

/// <summary>Keys: made, hashed, recognised.</summary>
internal static class ApiKeys
{
    /// <summary>What every key begins with, so that scanners of repositories know a key that was committed.</summary>
    public const string Prefix = "expl_";

    private const int Bytes = 32;

    /// <summary>A new key of 256 random bits.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The SHA-256 of a key, which is what a configuration holds. No salt: nobody guesses 256 bits.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Whose key it is; null: nobody's. Takes as long whichever key it is, and whether or not it is one.</summary>
    public static Caller? Find(IReadOnlyList<ApiKey> keys, string presented)
    {
        var hash = HashOf(presented);
        Caller? found = null;
        foreach (var key in keys)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, key.Sha256.Span) ? key.Caller : found;
        }

        return found;
    }
}
