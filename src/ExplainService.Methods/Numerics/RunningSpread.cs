namespace ExplainService.Methods.Numerics;

/// <summary>Mean and spread of values that come one by one and are not kept (Welford 1962).</summary>
public sealed class RunningSpread
{
    private double squares;

    /// <summary>How many values there were.</summary>
    public int Count { get; private set; }

    /// <summary>Their mean; 0 of none.</summary>
    public double Mean { get; private set; }

    /// <summary>Their mean; null of none.</summary>
    public double? MeanIfAny => Count > 0 ? Mean : null;

    /// <summary>Their standard deviation, over n − 1; null of fewer than two.</summary>
    public double? Deviation => Count < 2 ? null : Math.Sqrt(squares / (Count - 1));

    /// <summary>The standard error of their mean; null of fewer than two.</summary>
    public double? StandardError => Count < 2 ? null : Math.Sqrt(squares / (Count - 1) / Count);

    /// <summary>One more.</summary>
    public void Add(double value)
    {
        var before = value - Mean;
        Count++;
        Mean += before / Count;
        squares += before * (value - Mean);
    }

    /// <summary>One more, where there is one.</summary>
    public void Add(double? value)
    {
        if (value is { } known)
        {
            Add(known);
        }
    }
}
