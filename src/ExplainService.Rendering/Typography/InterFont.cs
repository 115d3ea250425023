using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using SkiaSharp;

namespace ExplainService.Rendering.Typography;

/// <summary>
/// The Inter typeface (Rasmus Andersson, SIL Open Font License 1.1), which covers Latin, Greek and Cyrillic. The NuGet package
/// Avalonia.Fonts.Inter brings it as resources of an assembly, which is embedded in ours and only read: none of its code is loaded.
/// </summary>
internal static class InterFont
{
    private const string Package = "Avalonia.Fonts.Inter";
    private const int KnownLayout = 2;
    private static readonly Dictionary<string, byte[]> Files = Read();

    /// <summary>Normal weight.</summary>
    public static readonly SKTypeface Regular = Load("Inter-Regular.ttf");

    /// <summary>Semi-bold.</summary>
    public static readonly SKTypeface SemiBold = Load("Inter-SemiBold.ttf");

    private static SKTypeface Load(string file)
    {
        using var data = SKData.CreateCopy(Files[file]);
        return SKTypeface.FromData(data) ?? throw new InvalidDataException($"{file} is not a font");
    }

    /// <summary>The files of Avalonia's resource container: length of the index, its version, and path, offset and size of each.</summary>
    private static Dictionary<string, byte[]> Read()
    {
        using var assembly = new PEReader(typeof(InterFont).Assembly.GetManifestResourceStream(Package)!);
        var metadata = assembly.GetMetadataReader();
        var container = metadata.ManifestResources.Select(metadata.GetManifestResource).Single();
        var section = assembly.GetSectionData(assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);

        // A resource is its length and its bytes.
        var bytes = section.GetContent(
            (int)container.Offset + sizeof(int),
            BitConverter.ToInt32([.. section.GetContent((int)container.Offset, sizeof(int))])
        );
        using var reader = new BinaryReader(new MemoryStream([.. bytes]), Encoding.UTF8);
        var start = sizeof(int) + reader.ReadInt32();
        if (reader.ReadInt32() is not KnownLayout and var layout)
        {
            throw new InvalidDataException(FormattableString.Invariant($"{Package} has an unknown layout ({layout})"));
        }

        var files = new Dictionary<string, byte[]>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (path, offset, size) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
            files[Path.GetFileName(path)] = [.. bytes.AsSpan(start + offset, size)];
        }

        return files;
    }
}
