using System.Reflection;
using System.Xml.Linq;
using ExplainService.Goldens;
using ExplainService.Methods.Contracts;
using ExplainService.Runtime;
using Xunit;

namespace ExplainService.Tests.Methods.Contracts;

/// <summary>The catalogue of warning codes: clients tell warnings apart by them, so that each is one of a kind, explained and in use.</summary>
public sealed class WarningCodeTests
{
    private static readonly FieldInfo[] Constants =
    [
        .. new[] { typeof(WarningCode), typeof(ModelWarningCode) }.SelectMany(type =>
            type.GetFields(BindingFlags.Public | BindingFlags.Static)
        ),
    ];

    private static readonly Lazy<string> Sources = new(() =>
        string.Concat(
            Directory
                .EnumerateFiles(Path.Combine(ReferenceData.Root, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !Path.GetFileNameWithoutExtension(file).EndsWith("WarningCode", StringComparison.Ordinal))
                .Select(File.ReadAllText)
        )
    );

    public static TheoryData<string> Codes => [.. Constants.Select(CodeOf)];

    [Fact]
    public void No_two_warnings_share_a_code() => Assert.Distinct(Constants.Select(CodeOf));

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_is_in_snake_case(string code) => Assert.Matches("^[a-z]+(_[a-z]+)*$", code);

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_is_documented(string code)
    {
        var constant = ConstantOf(code);
        var comments = XDocument.Load(Path.ChangeExtension(constant.DeclaringType!.Assembly.Location, ".xml"));
        var member = comments
            .Descendants("member")
            .SingleOrDefault(member => (string?)member.Attribute("name") == $"F:{constant.DeclaringType.FullName}.{constant.Name}");
        Assert.NotEmpty(member?.Element("summary")?.Value.Trim() ?? "");
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_code_is_produced_somewhere(string code)
    {
        var constant = ConstantOf(code);
        Assert.Matches($@"\b{constant.DeclaringType!.Name}\.{constant.Name}\b", Sources.Value);
    }

    private static string CodeOf(FieldInfo constant) => (string)constant.GetRawConstantValue()!;

    private static FieldInfo ConstantOf(string code) => Constants.Single(constant => CodeOf(constant) == code);
}
