using System.Buffers.Binary;

namespace ExplainService.Images.Reading;

/// <summary>The chunks of a WebP (RFC 9649).</summary>
internal static class WebPHeader
{
    private const byte HasAnimation = 0x02;

    public static bool Is(ReadOnlySpan<byte> file) => file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8);

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var size = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (size > (uint)file.Length - 8)
        {
            throw ImageHeader.CutOff("WebP");
        }

        if (size < 4)
        {
            throw ImageHeader.Damaged("WebP");
        }

        var (width, height, orientation, animated) = (0, 0, 1, false);
        for (var chunks = file[12..(8 + (int)size)]; chunks.Length >= 8; )
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            if (length > (uint)chunks.Length - 8)
            {
                throw ImageHeader.CutOff("WebP");
            }

            var type = chunks[..4];
            var data = chunks.Slice(8, (int)length);
            if (type.SequenceEqual("EXIF"u8))
            {
                orientation = ExifOrientation.Read(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            }
            else if (width == 0)
            {
                (width, height, animated) = Size(type, data);
            }

            // Chunks are of even length: the odd ones have a byte more.
            chunks = chunks[Math.Min(chunks.Length, 8 + (int)length + ((int)length & 1))..];
        }

        return width == 0 ? throw ImageHeader.Damaged("WebP") : new ImageHeader("image/webp", width, height, orientation, animated);
    }

    private static (int Width, int Height, bool Animated) Size(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (type.SequenceEqual("VP8X"u8) && data.Length >= 10)
        {
            return (1 + UInt24(data[4..]), 1 + UInt24(data[7..]), (data[0] & HasAnimation) != 0);
        }

        if (type.SequenceEqual("VP8L"u8) && data.Length >= 5 && data[0] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF), false);
        }

        if (type.SequenceEqual("VP8 "u8) && data.Length >= 10)
        {
            return (
                BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF,
                false
            );
        }

        throw ImageHeader.Damaged("WebP");
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
