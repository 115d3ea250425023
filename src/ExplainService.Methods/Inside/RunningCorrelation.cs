namespace ExplainService.Methods.Inside;

/// <summary>Pearson's correlation of pairs that come one by one and are not kept (Welford 1962, for the product too).</summary>
internal sealed class RunningCorrelation
{
    private int count;
    private double meanA;
    private double meanB;
    private double squaresA;
    private double squaresB;
    private double products;

    /// <summary>The correlation; 0 where one of the two does not vary.</summary>
    public double Value => squaresA > 0 && squaresB > 0 ? products / Math.Sqrt(squaresA * squaresB) : 0;

    /// <summary>One more pair.</summary>
    public void Add(double a, double b)
    {
        count++;
        var (fromA, fromB) = (a - meanA, b - meanB);
        meanA += fromA / count;
        meanB += fromB / count;
        squaresA += fromA * (a - meanA);
        squaresB += fromB * (b - meanB);
        products += fromA * (b - meanB);
    }
}
