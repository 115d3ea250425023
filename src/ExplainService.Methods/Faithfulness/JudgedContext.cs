using ExplainService.Methods.Contracts;

namespace ExplainService.Methods.Faithfulness;

/// <summary>What a judgement needs of its request.</summary>
internal static class JudgedContext
{
    /// <summary>Refuses what no judgement is of.</summary>
    /// <exception cref="InvalidRequestException">It is about several targets, or units of several sizes (422).</exception>
    public static void Check(ExplanationContext context)
    {
        if (context.Request.Target?.Labels is not null)
        {
            throw InvalidRequestException.CannotDo("target.labels", "An explanation of one target is judged at a time; name one label.");
        }

        if (context.Units.IsDeep)
        {
            throw InvalidRequestException.CannotDo("granularity", "Units of one size are removed; name one granularity.");
        }
    }
}
