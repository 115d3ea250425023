using ExplainService.Graph.Building;
using ExplainService.Graph.Patterns;

namespace ExplainService.Graph.Forms;

/// <summary>The attention maps of one role, [batch, heads, queries, keys] a layer.</summary>
/// <param name="Role">Whose attention to whom.</param>
public sealed record AttentionValues(AttentionRole Role) : GraphTap
{
    /// <inheritdoc/>
    public override string Name => $"attention/{Role}";

    internal override void Emit(Tape tape, GraphReport report)
    {
        var maps = report.Of(Role);
        if (maps.Count == 0)
        {
            throw new NotSupportedException($"The graph has no attention of kind {Role}.");
        }

        for (var layer = 0; layer < maps.Count; layer++)
        {
            tape.Output(maps[layer].Arrange(tape[maps[layer].Output]).Cast(ElementType.Float), FormNames.Attention(layer));
        }
    }
}
