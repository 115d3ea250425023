using System.Security.Cryptography;

namespace ExplainService.Runtime.Folders;

/// <summary>What a model's files were when they were read.</summary>
/// <param name="Graphs">SHA-256 of the graphs and their weights, one after the other, lower-case hex.</param>
/// <param name="Settings">The same of its configuration and tokenizer.</param>
internal sealed record ModelHash(string Graphs, string Settings)
{
    /// <summary>Reads all of a model's files.</summary>
    public static async Task<ModelHash> OfAsync(ModelFolder folder) =>
        new(await HashAsync(folder.Files).ConfigureAwait(false), await HashAsync(folder.Settings.Where(File.Exists)).ConfigureAwait(false));

    private static async Task<string> HashAsync(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        foreach (var file in files)
        {
            PlainFiles.Require(file);
            var stream = File.OpenRead(file);
            await using (stream.ConfigureAwait(false))
            {
                int read;
                while ((read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
