using System.Globalization;
using System.Net;
using System.Text;

namespace ExplainService.Jobs.Reports;

/// <summary>A page that stands alone: no script, no network, one style sheet inside; every text is encoded.</summary>
internal sealed class Html
{
    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; color: #1c1c1c; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #ccc } h3 { font-size: 1rem }
        table { border-collapse: collapse; margin: .5rem 0 } th, td { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top }
        th { font-weight: 600; border-bottom: 1px solid #ccc } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
        code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap }
        .bar { display: inline-block; height: .7rem; background: #2a6fbb } .minus { background: #b5482f }
        .case { border-left: 3px solid #ccc; padding-left: .8rem; margin: .8rem 0 } .unit { padding: 0 .1rem; border-radius: .2rem }
        .change { margin: .2rem 0; color: #555 } del { color: #b5482f }
        svg text { font: 11px system-ui, sans-serif; fill: #444 }
        @media print { body { margin: 0; max-width: none } h2 { break-after: avoid } .case, tr, svg { break-inside: avoid } h3 { break-after: avoid } .bar, .unit { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
        """;

    private readonly StringBuilder page = new();

    /// <summary>Begins a page.</summary>
    public Html(string title) =>
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
            .Append(Text(title))
            .Append("</title><style>")
            .Append(Style)
            .Append("</style></head><body>\n<h1>")
            .Append(Text(title))
            .Append("</h1>\n");

    /// <summary>A text as it may stand in a page.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>A number to four places.</summary>
    public static string Number(double? number) => number?.ToString("0.0000;−0.0000", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A number to four places with its sign.</summary>
    public static string Signed(double? number) => number?.ToString("+0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A count.</summary>
    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>A heading.</summary>
    public Html Section(string title) => Raw($"<h2>{Text(title)}</h2>\n");

    /// <summary>A heading below one.</summary>
    public Html Part(string title) => Raw($"<h3>{Text(title)}</h3>\n");

    /// <summary>A paragraph.</summary>
    public Html Paragraph(string text) => Raw($"<p>{Text(text)}</p>\n");

    /// <summary>What was sent, as it was.</summary>
    public Html Code(string text) => Raw($"<pre>{Text(text)}</pre>\n");

    /// <summary>What is HTML already.</summary>
    public Html Raw(string html)
    {
        page.Append(html);
        return this;
    }

    /// <summary>A table; columns whose name begins with # hold numbers, those that begin with &lt; HTML.</summary>
    public Html Table(string[] columns, IEnumerable<string[]> rows)
    {
        page.Append("<table><tr>");
        foreach (var column in columns)
        {
            page.Append(column.StartsWith('#') ? "<th class=\"n\">" : "<th>").Append(Text(column.TrimStart('#', '<'))).Append("</th>");
        }

        page.Append("</tr>\n");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            for (var column = 0; column < columns.Length; column++)
            {
                page.Append(columns[column].StartsWith('#') ? "<td class=\"n\">" : "<td>")
                    .Append(columns[column].StartsWith('<') ? row[column] : Text(row[column]))
                    .Append("</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</table>\n");
        return this;
    }

    /// <summary>A bar of a part of the whole width; negative ones have another colour.</summary>
    public static string Bar(double part) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<span class=\"bar{(part < 0 ? " minus" : "")}\" style=\"width:{Math.Clamp(Math.Abs(part), 0, 1) * 12:0.00}rem\"></span>"
        );

    /// <summary>The whole page.</summary>
    public string End() => page.Append("</body></html>\n").ToString();
}
