using System.Buffers.Binary;

namespace ExplainService.Images.Reading;

/// <summary>The chunks of a PNG.</summary>
internal static class PngHeader
{
    private const int Greyscale = 0;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var (width, height, orientation, animated) = (0, 0, 1, false);
        for (var chunks = file[Signature.Length..]; ; )
        {
            if (chunks.Length < 12)
            {
                throw ImageHeader.CutOff("PNG");
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > (uint)chunks.Length - 12)
            {
                throw ImageHeader.CutOff("PNG");
            }

            var type = chunks[4..8];
            var data = chunks.Slice(8, (int)length);
            if (width == 0)
            {
                (width, height) = Size(type, data);
            }
            else if (type.SequenceEqual("acTL"u8))
            {
                animated |= data.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(data) > 1;
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = ExifOrientation.Read(data);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return new ImageHeader("image/png", width, height, orientation, animated);
            }

            chunks = chunks[(8 + (int)length + 4)..];
        }
    }

    private static (int Width, int Height) Size(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        if (!type.SequenceEqual("IHDR"u8) || data.Length != 13)
        {
            throw ImageHeader.Damaged("PNG");
        }

        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
        if (width <= 0 || height <= 0)
        {
            throw ImageHeader.Damaged("PNG");
        }

        // Pillow, with which models are trained, turns every value above 255 of these into white: no answer would be right for both.
        return data[8] == 16 && data[9] == Greyscale
            ? throw new ImageException(
                ImageFault.Unreadable,
                "The PNG is greyscale of 16 bits, which libraries read in different ways: save it with 8 bits."
            )
            : (width, height);
    }
}
