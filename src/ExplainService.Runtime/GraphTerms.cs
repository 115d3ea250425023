using System.Diagnostics;
using ExplainService.Graph.Forms;
using ExplainService.Graph.Gradients;
using ExplainService.Graph.Patterns;

namespace ExplainService.Runtime;

/// <summary>
/// The runtime's terms as the graph compiler's and back. Methods speak of models and know nothing of graphs, so that each side has its own;
/// a term that only one side has fails to compile, or here.
/// </summary>
internal static class GraphTerms
{
    /// <summary>The compiler's word for a kind of attention.</summary>
    public static AttentionRole RoleOf(AttentionKind kind) =>
        kind switch
        {
            AttentionKind.Self => AttentionRole.Self,
            AttentionKind.Decoder => AttentionRole.Decoder,
            AttentionKind.Cross => AttentionRole.Cross,
            _ => throw new UnreachableException($"{kind}"),
        };

    /// <summary>The compiler's word for an objective.</summary>
    public static FormObjective ObjectiveOf(Objective objective) =>
        objective switch
        {
            Objective.Probability => FormObjective.Probability,
            Objective.Logit => FormObjective.Logit,
            Objective.LogProbability => FormObjective.LogProbability,
            _ => throw new UnreachableException($"{objective}"),
        };

    /// <summary>The compiler's word for a link.</summary>
    public static FormLink LinkOf(Link link) =>
        link switch
        {
            Link.Softmax => FormLink.Softmax,
            Link.Sigmoid => FormLink.Sigmoid,
            Link.Identity => FormLink.Identity,
            _ => throw new UnreachableException($"{link}"),
        };

    /// <summary>The compiler's word for the rules of a propagation.</summary>
    public static GradientVariant VariantOf(Propagation propagation) =>
        propagation switch
        {
            Propagation.Gradient => GradientVariant.Plain,
            Propagation.CpLrp => GradientVariant.CpLrp,
            Propagation.AttnLrp => GradientVariant.AttnLrp,
            _ => throw new UnreachableException($"{propagation}"),
        };

    /// <summary>What a form holds still, as results tell it; null where it is a plain one.</summary>
    public static FrozenCounts? FrozenOf(FrozenParts? parts) =>
        parts is null ? null : new FrozenCounts(parts.Attention, parts.Norm, parts.Activation, parts.Gate);

    /// <summary>Where a classification head reads, as descriptions tell it.</summary>
    public static HeadRead HeadReadOf(HeadPosition position) =>
        position switch
        {
            HeadPosition.Unknown => HeadRead.Unknown,
            HeadPosition.First => HeadRead.First,
            HeadPosition.Last => HeadRead.Last,
            HeadPosition.All => HeadRead.All,
            _ => throw new UnreachableException($"{position}"),
        };
}
