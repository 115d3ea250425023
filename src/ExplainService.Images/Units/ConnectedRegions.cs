namespace ExplainService.Images.Units;

/// <summary>Regions in one piece each: pieces smaller than a size go to the neighbour that was numbered before them.</summary>
internal static class ConnectedRegions
{
    /// <summary>Of a label per pixel, new labels, numbered in the order in which rows first meet them.</summary>
    public static int[] Of(int height, int width, int[] labels, int smallest)
    {
        var regions = new int[labels.Length];
        Array.Fill(regions, -1);
        var count = 0;
        var piece = new List<int>();
        for (var start = 0; start < labels.Length; start++)
        {
            if (regions[start] >= 0)
            {
                continue;
            }

            // Everything above and to the left has its region by now; the first piece of all has no neighbour to go to.
            var neighbour =
                start % width > 0 ? regions[start - 1]
                : start >= width ? regions[start - width]
                : -1;
            Flood(start, height, width, labels, regions, count, piece);
            if (neighbour < 0 || piece.Count >= smallest)
            {
                count++;
                continue;
            }

            foreach (var pixel in piece)
            {
                regions[pixel] = neighbour;
            }
        }

        return regions;
    }

    private static void Flood(int start, int height, int width, int[] labels, int[] regions, int region, List<int> piece)
    {
        piece.Clear();
        Add(start);
        for (var next = 0; next < piece.Count; next++)
        {
            var (y, x) = (piece[next] / width, piece[next] % width);
            if (x > 0)
            {
                Add(piece[next] - 1);
            }

            if (x < width - 1)
            {
                Add(piece[next] + 1);
            }

            if (y > 0)
            {
                Add(piece[next] - width);
            }

            if (y < height - 1)
            {
                Add(piece[next] + width);
            }
        }

        void Add(int pixel)
        {
            if (regions[pixel] < 0 && labels[pixel] == labels[start])
            {
                regions[pixel] = region;
                piece.Add(pixel);
            }
        }
    }
}
