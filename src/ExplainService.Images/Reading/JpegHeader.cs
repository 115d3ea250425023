using System.Buffers.Binary;

namespace ExplainService.Images.Reading;

/// <summary>The segments of a JPEG.</summary>
internal static class JpegHeader
{
    /// <summary>Progressive files have about ten. Each is decoded over the whole picture, so that a small file of thousands would take minutes.</summary>
    private const int MostScans = 100;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var (width, height, orientation, scans) = (0, 0, 1, 0);
        for (var at = 2; ; )
        {
            var marker = NextMarker(file, ref at);
            switch (marker)
            {
                case 0xD9:
                    return scans > 0
                        ? new ImageHeader("image/jpeg", width, height, orientation, Animated: false)
                        : throw ImageHeader.Damaged("JPEG");
                case 0x01 or (>= 0xD0 and <= 0xD8):
                    continue;
            }

            var segment = Segment(file, ref at);
            switch (marker)
            {
                case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                    (width, height) = Size(segment);
                    break;
                case 0xE1 when segment.StartsWith("Exif\0\0"u8):
                    orientation = ExifOrientation.Read(segment[6..]);
                    break;
                case 0xDA when width == 0:
                    throw ImageHeader.Damaged("JPEG");
                case 0xDA when ++scans > MostScans:
                    throw new ImageException(ImageFault.Unreadable, $"The JPEG has more than {MostScans} scans.");
            }
        }
    }

    /// <summary>The code after the next 0xFF that begins a marker: in compressed data 0xFF is followed by zero.</summary>
    private static byte NextMarker(ReadOnlySpan<byte> file, ref int at)
    {
        while (true)
        {
            var found = file[at..].IndexOf((byte)0xFF);
            if (found < 0 || at + found + 1 >= file.Length)
            {
                throw ImageHeader.CutOff("JPEG");
            }

            at += found + 1;
            if (file[at] is not (0x00 or 0xFF))
            {
                return file[at++];
            }
        }
    }

    private static ReadOnlySpan<byte> Segment(ReadOnlySpan<byte> file, ref int at)
    {
        if (file.Length - at < 2)
        {
            throw ImageHeader.CutOff("JPEG");
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
        if (length < 2)
        {
            throw ImageHeader.Damaged("JPEG");
        }

        if (length > file.Length - at)
        {
            throw ImageHeader.CutOff("JPEG");
        }

        var segment = file.Slice(at + 2, length - 2);
        at += length;
        return segment;
    }

    private static (int Width, int Height) Size(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 6)
        {
            throw ImageHeader.Damaged("JPEG");
        }

        if (frame[0] != 8)
        {
            throw new ImageException(ImageFault.Unreadable, $"The JPEG has {frame[0]} bits a colour; 8 are read.");
        }

        var (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), BinaryPrimitives.ReadUInt16BigEndian(frame[3..]));
        return width == 0 || height == 0 ? throw ImageHeader.Damaged("JPEG") : (width, height);
    }
}
