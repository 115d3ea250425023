namespace ExplainService.Graph.Shapes;

/// <summary>Operators that broadcast their inputs.</summary>
internal static class ElementwiseShapes
{
    public static void Same(ShapeRule rule) =>
        rule.Out(rule.In(0).Type, All(rule, 0), rule.Node.Inputs.Count == 2 ? ConstantValues.Binary(rule) : null);

    public static void Comparison(ShapeRule rule) => rule.Out(ElementType.Bool, All(rule, 0), ConstantValues.Binary(rule));

    public static void Where(ShapeRule rule) => rule.Out(rule.In(1).Type, All(rule, 0), ConstantValues.Where(rule));

    private static Dim[]? All(ShapeRule rule, int first)
    {
        var dims = rule.Dims(first);
        for (var i = first + 1; i < rule.Node.Inputs.Count; i++)
        {
            dims = ShapeRule.Broadcast(dims, rule.Dims(i));
        }

        return dims;
    }
}
