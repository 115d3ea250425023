using CsCheck;
using ExplainService.Images;
using ExplainService.Images.Reading;
using Xunit;

namespace ExplainService.Tests.Images.Reading;

/// <summary>Pictures in JSON: base64, bare or in a <c>data:</c> URL.</summary>
public sealed class ImageSourceTests
{
    private static readonly ImageOptions Limits = new();

    [Fact]
    public void Bytes_come_back_from_base64_and_from_a_data_url() =>
        Gen
            .Byte.Array[1, 300]
            .Sample(bytes =>
            {
                var text = Convert.ToBase64String(bytes);
                Assert.Equal(bytes, ImageSource.Parse(text, Limits));
                Assert.Equal(bytes, ImageSource.Parse(Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks), Limits));
                Assert.Equal(bytes, ImageSource.Parse("data:image/png;base64," + text, Limits));
                Assert.Equal(bytes, ImageSource.Parse("data:image/jpeg;charset=x;base64," + Uri.EscapeDataString(text), Limits));
                Assert.Equal(bytes, ImageSource.Parse("DATA:;BASE64," + text, Limits));
            });

    [Theory]
    [InlineData("", ImageFault.BadEncoding, "empty")]
    [InlineData("data:image/png;base64,", ImageFault.BadEncoding, "empty")]
    [InlineData("no base64 at all!", ImageFault.BadEncoding, "not base64")]
    [InlineData("QUJ", ImageFault.BadEncoding, "not base64")]
    [InlineData("QU-_", ImageFault.BadEncoding, "base64url")]
    [InlineData("data:image/png,abc", ImageFault.BadEncoding, ";base64")]
    [InlineData("data:image/png;base64", ImageFault.BadEncoding, "no comma")]
    [InlineData("data:text/html;base64,QUJD", ImageFault.UnsupportedType, "'image/'")]
    [InlineData("https://example.org/cat.png", ImageFault.BadEncoding, "not fetched")]
    public void What_is_no_base64_is_refused_with_its_reason(string source, ImageFault fault, string reason)
    {
        var refused = Assert.Throws<ImageException>(() => ImageSource.Parse(source, Limits));

        Assert.Equal(fault, refused.Fault);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void More_bytes_than_allowed_are_refused_before_they_are_decoded(int bytes)
    {
        var text = Convert.ToBase64String(new byte[bytes]);

        ImageException? refused = null;
        var allocated = Allocations.Of(() =>
            refused = Assert.Throws<ImageException>(() => ImageSource.Parse(text, Limits with { MaxBytes = 99 }))
        );

        Assert.Equal(ImageFault.TooManyBytes, refused!.Fault);
        Assert.InRange(allocated, 0, 50_000);
    }
}
