using System.Text.Json;

namespace ExplainService.Runtime.Folders;

/// <summary>Tells from the beginning of a file that it is not what its name says: what failed downloads leave behind.</summary>
internal static class FileHead
{
    /// <summary>Refuses a file that is empty, a pointer of Git LFS or a web page.</summary>
    /// <exception cref="ModelNotUsableException">It is.</exception>
    public static void Require(string path)
    {
        PlainFiles.Require(path);
        var name = Path.GetFileName(path);
        Span<byte> head = stackalloc byte[32];
        using var file = File.OpenHandle(path);
        head = head[..RandomAccess.Read(file, head, 0)];
        if (head.IsEmpty)
        {
            throw new ModelNotUsableException($"{name} is empty.");
        }

        if (head.StartsWith("version https://git-lfs"u8))
        {
            throw new ModelNotUsableException($"{name} is a pointer of Git LFS: the file itself was not downloaded (git lfs pull).");
        }

        if (head.StartsWith("<!"u8) || head.StartsWith("<html"u8))
        {
            throw new ModelNotUsableException($"{name} is a web page, not the file itself.");
        }
    }

    /// <summary>Refuses a file that is no JSON.</summary>
    /// <exception cref="ModelNotUsableException">It is none.</exception>
    public static void RequireJson(string path)
    {
        PlainFiles.Require(path, PlainFiles.MaxTokenizerBytes);
        try
        {
            var reader = new Utf8JsonReader(File.ReadAllBytes(path), new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
            while (reader.Read())
            {
                // Reading on is what finds a fault.
            }
        }
        catch (JsonException error)
        {
            throw new ModelNotUsableException($"{Path.GetFileName(path)} is not valid JSON: {error.Message}", error);
        }
    }
}
