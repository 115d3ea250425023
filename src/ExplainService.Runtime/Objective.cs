namespace ExplainService.Runtime;

/// <summary>The function of the target's logits that is explained (methods.md, Objective and target).</summary>
public enum Objective
{
    /// <summary>Probability of the target; over several positions the product of their probabilities.</summary>
    Probability,

    /// <summary>Logit of the target; over several positions the sum.</summary>
    Logit,

    /// <summary>Log-probability of the target; over several positions the sum.</summary>
    LogProbability,
}

/// <summary>How a line of logits becomes probabilities.</summary>
public enum Link
{
    /// <summary>Exactly one column is true: classes, tokens, positions.</summary>
    Softmax,

    /// <summary>Every column for itself: multi-label classification.</summary>
    Sigmoid,

    /// <summary>No probabilities: a regression head, whose only objective is its logit.</summary>
    Identity,
}
