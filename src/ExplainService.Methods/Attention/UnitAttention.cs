using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Attention;

/// <summary>
/// Attention between units instead of tokens: what a unit pays to another is the sum over the other's tokens and the mean over its own, so
/// that what rows add up to stays. Tokens of no unit (special ones, generated ones) stand for themselves.
/// </summary>
internal static class UnitAttention
{
    /// <summary>The answer by the request's <c>granularity</c>; as it is where there is none.</summary>
    /// <exception cref="InvalidRequestException">It names several sizes at once.</exception>
    public static AttentionAnswer Of(AttentionRequest request, PreparedInput input, AttentionAnswer answer)
    {
        if ((request.Granularity ?? (input.Picture is null ? null : new GranularityRequest([Granularity.Patch]))) is not { } granularity)
        {
            return answer;
        }

        if (granularity.Levels is not [var size])
        {
            throw InvalidRequestException.CannotDo("granularity", "A map has units of one size; name one granularity.");
        }

        var units = UnitSet.Build(input, size);
        var parts = Parts(units, input.Tokens.Count);
        int[][] groups = [.. parts.Select(part => part.Tokens.ToArray())];
        var (queries, keys) = (
            answer.Kind == AttentionKind.Self ? groups : null,
            answer.Kind is AttentionKind.Self or AttentionKind.Cross ? groups : null
        );
        double[]? scores =
            answer.Kind == AttentionKind.Self && answer.Scores is { } byToken
                ? [.. groups.Select(group => group.Sum(token => byToken[token]))]
                : null;
        return answer with
        {
            Granularity = units.Name,
            Attention = answer.Attention is null
                ? null
                : [.. answer.Attention.Select(heads => heads.Select(map => Merged(map, queries, keys)).ToArray())],
            Maps = answer.Maps is null ? null : [.. answer.Maps.Select(map => Merged(map, queries, keys))],
            Matrix = answer.Matrix is null ? null : Merged(answer.Matrix, queries, keys),
            Scores = scores ?? answer.Scores,
            Units = [.. parts.Select((part, index) => UnitSet.Answer(input, part, scores?[index]))],
        };
    }

    /// <summary>Units, and each token of none as a part of its own, in the order of their first tokens.</summary>
    private static Unit[] Parts(UnitSet units, int tokens)
    {
        var unitOf = units.ByToken(tokens);
        return
        [
            .. Enumerable
                .Range(0, tokens)
                .GroupBy(token => unitOf[token] < 0 ? -1 - token : unitOf[token])
                .Select(group => group.Key < 0 ? new Unit(-1, 0, 0, [.. group]) : units.Units[group.Key]),
        ];
    }

    /// <param name="map">[query][key].</param>
    /// <param name="queries">Tokens that are one row; what is behind them has rows of its own. Null: every token does.</param>
    /// <param name="keys">The same of columns.</param>
    private static float[][] Merged(float[][] map, int[][]? queries, int[][]? keys)
    {
        var (rows, columns) = (Whole(queries, map.Length), Whole(keys, map.Length == 0 ? 0 : map[0].Length));
        return
        [
            .. rows.Select(row =>
                columns.Select(column => (float)row.Average(query => column.Sum(key => (double)map[query][key]))).ToArray()
            ),
        ];
    }

    private static int[][] Whole(int[][]? groups, int count)
    {
        var covered = groups?.Sum(group => group.Length) ?? 0;
        return [.. groups ?? [], .. Enumerable.Range(covered, count - covered).Select(token => new[] { token })];
    }
}
