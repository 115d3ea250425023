using System.Buffers.Binary;

namespace ExplainService.Images.Reading;

/// <summary>What a file is that is not read, so that its sender knows what to convert.</summary>
internal static class ForeignFormat
{
    private static readonly (byte[] Start, string Name)[] Starts =
    [
        ("GIF87a"u8.ToArray(), "a GIF"),
        ("GIF89a"u8.ToArray(), "a GIF"),
        ("II*\0"u8.ToArray(), "a TIFF"),
        ("MM\0*"u8.ToArray(), "a TIFF"),
        ("%PDF"u8.ToArray(), "a PDF"),
        ("8BPS"u8.ToArray(), "a Photoshop file"),
        ("<svg"u8.ToArray(), "an SVG"),
        ("<?xml"u8.ToArray(), "XML, perhaps an SVG"),
        ("\0\0\u0001\0"u8.ToArray(), "an icon (ICO)"),
        ("\0\0\0\u000CjP  "u8.ToArray(), "a JPEG 2000"),
        ("\0\0\0\u000CJXL "u8.ToArray(), "a JPEG XL"),
        ([0xFF, 0x0A], "a JPEG XL"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd"),
        ([0x1F, 0x8B], "compressed by gzip"),
        ("PK\u0003\u0004"u8.ToArray(), "a zip"),
        ("BM"u8.ToArray(), "a BMP"),
    ];

    /// <summary>A sentence that names it where it can be told.</summary>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        foreach (var (start, name) in Starts)
        {
            if (file.StartsWith(start))
            {
                return Sentence(name);
            }
        }

        // ISO base media files begin with the length of a box and 'ftyp'; its brand says which they are.
        if (file.Length >= 12 && file[4..8].SequenceEqual("ftyp"u8))
        {
            return Sentence(
                BinaryPrimitives.ReadUInt32BigEndian(file[8..]) switch
                {
                    0x61766966 or 0x61766973 => "an AVIF",
                    0x68656963 or 0x68656978 or 0x6D696631 or 0x68657663 => "a HEIC",
                    _ => "a film (MP4 or its like)",
                }
            );
        }

        return "The bytes are no picture that is read here: PNG, JPEG and WebP are.";
    }

    private static string Sentence(string name) => $"The picture is {name}, which is not read: PNG, JPEG and WebP are.";
}
