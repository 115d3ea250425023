namespace ExplainService.Methods.Coalitions;

/// <summary>
/// What black-box methods ask of a model: the score of the text when only some of its units are present, v(S) = f(m(S)).
/// A value is a vector, so that several targets (every class) are explained at the price of one.
/// </summary>
public interface ICoalitionGame
{
    /// <summary>How many units may be present or absent.</summary>
    int Players { get; }

    /// <summary>How many targets are scored at once: the length of every value.</summary>
    int Outputs { get; }

    /// <summary>
    /// The values of coalitions, in the order asked. The source is pulled at most a batch ahead, so that it may be lazy and long. Ends
    /// early when the time of the request is up.
    /// </summary>
    /// <param name="coalitions">Coalitions of <see cref="Players"/> players; equal ones are computed once.</param>
    /// <param name="cancellationToken">Drops what has not been computed yet.</param>
    IAsyncEnumerable<double[]> EvaluateAsync(IEnumerable<Coalition> coalitions, CancellationToken cancellationToken);
}
