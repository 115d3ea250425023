namespace ExplainService.Rendering.Layout;

/// <summary>Wraps the pieces of a paragraph: where a line may end, and anywhere in what is wider than a line.</summary>
internal static class PassageLines
{
    /// <summary>The lines; none is wider than there is room, but for space at its end.</summary>
    /// <param name="paragraph">Pieces that are no wider than a line.</param>
    /// <param name="room">Width of a line.</param>
    public static IEnumerable<List<PassagePiece>> Wrap(IEnumerable<PassagePiece> paragraph, double room)
    {
        var (line, width) = (new List<PassagePiece>(), 0.0);
        foreach (var run in Until(paragraph, piece => piece.BreakAfter || piece.EndsLine))
        {
            var visible = run.Sum(piece => piece.IsSpace ? 0 : piece.Width);
            if (line.Count > 0 && width + visible > room)
            {
                yield return line;
                (line, width) = ([], 0);
            }

            foreach (var piece in run)
            {
                // Addresses, paths, scripts without spaces: words of many parts are cut between those.
                if (visible > room && line.Count > 0 && !piece.IsSpace && width + piece.Width > room)
                {
                    yield return line;
                    (line, width) = ([], 0);
                }

                line.Add(piece);
                width += piece.Width;
            }
        }

        if (line.Count > 0)
        {
            yield return line;
        }
    }

    /// <summary>Pieces in groups, each of which goes on to one that ends it.</summary>
    public static IEnumerable<List<PassagePiece>> Until(IEnumerable<PassagePiece> pieces, Func<PassagePiece, bool> ends)
    {
        var run = new List<PassagePiece>();
        foreach (var piece in pieces)
        {
            run.Add(piece);
            if (ends(piece))
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}
