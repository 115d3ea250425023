using System.Buffers.Binary;
using System.IO.Compression;

namespace ExplainService.Api.Tests.Vision;

/// <summary>The smallest writer of PNG that there is: 8 bits of red, green and blue, no filters.</summary>
internal static class Png
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A picture by the colour of each pixel.</summary>
    public static byte[] Of(int width, int height, Func<int, int, (byte R, byte G, byte B)> colour)
    {
        using var lines = new MemoryStream();
        using (var zlib = new ZLibStream(lines, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                {
                    var (r, g, b) = colour(x, y);
                    zlib.Write([r, g, b]);
                }
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [.. Signature, .. Chunk("IHDR", header), .. Chunk("IDAT", lines.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>Gives a changed chunk its checksum again.</summary>
    /// <param name="chunk">From its length on; what follows it stays.</param>
    public static void Sign(Span<byte> chunk)
    {
        var end = 8 + BinaryPrimitives.ReadInt32BigEndian(chunk);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[end..], Crc(chunk[4..end].ToArray()));
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }
}
