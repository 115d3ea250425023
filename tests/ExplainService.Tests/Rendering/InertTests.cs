using System.Text;
using System.Xml.Linq;
using ExplainService.Rendering;
using ExplainService.Rendering.Colours;
using ExplainService.Rendering.Drawing;
using ExplainService.Rendering.Output;
using ExplainService.Rendering.Typography;
using Xunit;

namespace ExplainService.Tests.Rendering;

/// <summary>Whatever a text holds, a picture of it is well-formed and holds nothing that runs, links or loads.</summary>
public sealed class InertTests
{
    private static readonly string[] Elements =
    [
        "svg",
        "title",
        "desc",
        "style",
        "g",
        "rect",
        "line",
        "polyline",
        "polygon",
        "text",
        "image",
        "meta",
        "figure",
        "details",
        "summary",
        "p",
        "table",
        "tr",
        "th",
        "td",
    ];

    private static readonly string[] Attributes =
    [
        "width",
        "height",
        "viewBox",
        "role",
        "aria-label",
        "font-family",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "rx",
        "points",
        "fill",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-dasharray",
        "class",
        "font-size",
        "font-weight",
        "text-anchor",
        "direction",
        "transform",
        "preserveAspectRatio",
        "style",
        "href",
        "space",
        "charset",
        "name",
        "content",
        "dir",
    ];

    [Theory]
    [Slow]
    [InlineData(Theme.Auto)]
    [InlineData(Theme.Dark)]
    public void Hostile_text_stays_text_in_every_view(Theme theme)
    {
        var drawn = new HashSet<string>();
        foreach (var subject in Answers.OfEveryKind(Answers.Hostile))
        {
            foreach (var view in Pictures.Of(subject))
            {
                var scene = Pictures.Draw(subject, PictureOptions.Default with { View = view.Name, Theme = theme });
                CheckInert(XDocument.Parse(Encoding.UTF8.GetString(SvgWriter.Write(scene, theme)), LoadOptions.PreserveWhitespace).Root!);
                CheckInert(Html(HtmlWriter.Write(scene, theme)));
                Assert.NotEmpty(PngWriter.Write(scene, theme));
                drawn.Add(view.Name);
            }
        }

        Assert.Equal(Pictures.Views.Select(view => view.Name).Order(), drawn.Order());
    }

    [Theory]
    [InlineData(Answers.Hostile)]
    [InlineData("one two\n\n  three\tfour  ")]
    [InlineData("שלום עולם good מרחבא, film\nnext line")]
    public void The_text_view_holds_the_text_exactly(string text)
    {
        var scene = Pictures.Draw(Answers.Attribution(text), PictureOptions.Default with { View = "text" });

        var svg = XDocument.Parse(Encoding.UTF8.GetString(SvgWriter.Write(scene, Theme.Light)), LoadOptions.PreserveWhitespace).Root!;
        var words = svg.Descendants()
            .Where(element =>
                element.Name.LocalName == "text"
                && (string?)element.Attribute("font-size") == "16"
                && element.Attribute("font-weight") is null
            );

        Assert.Equal(VisibleText.Of(text), string.Concat(words.Select(word => word.Value)));
        Assert.All(words, word => Assert.Equal("preserve", (string?)word.Attribute(XNamespace.Xml + "space")));
    }

    [Fact]
    public void Every_run_of_text_is_isolated()
    {
        var svg = Encoding.UTF8.GetString(SvgWriter.Write(Pictures.Draw(Answers.Attribution("a b"), PictureOptions.Default), Theme.Light));

        Assert.Contains("<style>text{unicode-bidi:isolate}</style>", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_says_what_it_shows()
    {
        foreach (var subject in Answers.OfEveryKind("a good film"))
        {
            foreach (var view in Pictures.Of(subject))
            {
                var scene = Pictures.Draw(subject, PictureOptions.Default with { View = view.Name });
                var svg = XDocument.Parse(Encoding.UTF8.GetString(SvgWriter.Write(scene, Theme.Light))).Root!;

                Assert.Equal("img", (string?)svg.Attribute("role"));
                Assert.Equal(scene.Title, svg.Elements().First(element => element.Name.LocalName == "title").Value);
                Assert.True(svg.Elements().First(element => element.Name.LocalName == "desc").Value.Length > scene.Title.Length, view.Name);
            }
        }
    }

    private static XElement Html(byte[] html)
    {
        var text = Encoding.UTF8.GetString(html);
        const string doctype = "<!DOCTYPE html>";
        Assert.StartsWith(doctype, text, StringComparison.Ordinal);
        return XDocument.Parse($"<all>{text[doctype.Length..]}</all>", LoadOptions.PreserveWhitespace).Root!;
    }

    private static void CheckInert(XElement root)
    {
        foreach (var element in root.DescendantsAndSelf().Where(element => element.Name != "all"))
        {
            Assert.Contains(element.Name.LocalName, Elements);
            foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            {
                Assert.Contains(attribute.Name.LocalName, Attributes);
                if (attribute.Name.LocalName == "href")
                {
                    Assert.Equal("image", element.Name.LocalName);
                    Assert.Matches("^data:image/(png|jpeg);base64,", attribute.Value);
                }
            }

            // No character that would reorder what stands around it survives.
            Assert.DoesNotContain(element.Value, character => character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
        }
    }
}
