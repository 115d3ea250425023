using System.Globalization;
using System.Text;
using ExplainService.Jobs.Contracts;

namespace ExplainService.Jobs.Reports;

/// <summary>Accuracy over confidence, with the diagonal on which they agree.</summary>
internal static class ReliabilityPlot
{
    private const int Side = 220;
    private const int Margin = 30;

    /// <summary>Draws it.</summary>
    public static string Draw(IReadOnlyList<ReliabilityBin> bins)
    {
        var svg = new StringBuilder();
        var whole = Side + (2 * Margin);
        Add($"<svg width=\"{whole}\" height=\"{whole}\" viewBox=\"0 0 {whole} {whole}\" role=\"img\" aria-label=\"Reliability plot\">");
        Add($"<rect x=\"{Margin}\" y=\"{Margin}\" width=\"{Side}\" height=\"{Side}\" fill=\"none\" stroke=\"#999\"/>");
        Add($"<line x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(1)}\" y2=\"{Y(1)}\" stroke=\"#999\" stroke-dasharray=\"4\"/>");
        var rows = bins.Sum(bin => bin.Rows);
        foreach (var bin in bins)
        {
            var radius = 3 + (8 * Math.Sqrt((double)bin.Rows / rows));
            Add(
                $"<circle cx=\"{X(bin.Confidence):0.0}\" cy=\"{Y(bin.Accuracy):0.0}\" r=\"{radius:0.0}\" fill=\"#2a6fbb\" fill-opacity=\".7\"/>"
            );
        }

        Add($"<text x=\"{whole / 2}\" y=\"{whole - 8}\" text-anchor=\"middle\">confidence</text>");
        Add($"<text x=\"12\" y=\"{whole / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 12 {whole / 2})\">accuracy</text>");
        return svg.Append("</svg>\n").ToString();

        void Add(FormattableString part) => svg.Append(part.ToString(CultureInfo.InvariantCulture));
        static double X(double share) => Margin + (share * Side);
        static double Y(double share) => Margin + Side - (share * Side);
    }
}
