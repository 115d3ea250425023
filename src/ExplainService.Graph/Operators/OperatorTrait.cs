namespace ExplainService.Graph.Operators;

/// <summary>What the compiler asks about operators in more than one place.</summary>
[Flags]
internal enum OperatorTrait
{
    /// <summary>Nothing that is asked for.</summary>
    None = 0,

    /// <summary>An element of the result depends on that element of the first input alone; further inputs are parameters of all.</summary>
    Unary = 1 << 0,

    /// <summary>Inputs are broadcast to the result's shape, and an element of it depends on those elements of them alone.</summary>
    Elementwise = 1 << 1,

    /// <summary>The result is true or false.</summary>
    Predicate = 1 << 2,

    /// <summary>The result has the elements of the first input in the same order.</summary>
    Reshapes = 1 << 3,

    /// <summary>The result's elements are elements of the first input, in other places or more than once.</summary>
    Moves = 1 << 4,

    /// <summary>An element of the result is that element of one of the inputs.</summary>
    Selects = 1 << 5,

    /// <summary>Brings inputs together as embeddings of words meet those of positions.</summary>
    Joins = 1 << 6,

    /// <summary>The result does not change as the inputs change a little, or is not made of them: gradients stop there.</summary>
    NoGradient = 1 << 7,

    /// <summary>The gradient rule gives the gradient of the first input only, though others may depend on the embeddings as well.</summary>
    FirstInputGradient = 1 << 8,

    /// <summary>Inputs after the first are a shape, axes, positions or a count rather than data; attributes in old opsets.</summary>
    TakesShape = 1 << 9,

    /// <summary>Only the shape of the input is read.</summary>
    ReadsShape = 1 << 10,

    /// <summary>
    /// The result is a linear function of the inputs that depend on the text, taken together, at least around any one text: a sum, a place,
    /// a choice among them.
    /// </summary>
    Linear = 1 << 11,

    /// <summary>A curved function of each element alone, as feed-forward networks and gates have them.</summary>
    Activation = 1 << 12,
}
