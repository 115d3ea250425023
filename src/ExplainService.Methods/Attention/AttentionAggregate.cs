namespace ExplainService.Methods.Attention;

/// <summary>How attention maps are combined.</summary>
public enum AttentionAggregate
{
    /// <summary>Every map of the chosen layers and heads (default).</summary>
    None,

    /// <summary>Mean over the chosen layers and heads.</summary>
    Mean,

    /// <summary>Largest over the chosen layers and heads.</summary>
    Max,

    /// <summary>Abnar and Zuidema 2020.</summary>
    Rollout,

    /// <summary>Maximum flow, Abnar and Zuidema 2020.</summary>
    Flow,

    /// <summary>Chefer et al. 2021.</summary>
    GradientRelevance,

    /// <summary>How a token changes when another's value vector is zero in a layer; a map a layer (Mohebbi et al. 2023).</summary>
    ValueZeroing,

    /// <summary>How much of a token reaches another: norms of weighted, transformed value vectors; a map a layer (Kobayashi et al. 2020).</summary>
    Norms,
}
