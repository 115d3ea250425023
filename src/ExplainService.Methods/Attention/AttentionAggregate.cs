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
}
