using ExplainService.Methods.Contracts;
using ExplainService.Text.Units;

namespace ExplainService.Methods.Pipeline;

/// <summary>A unit with the finer units inside it.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="First">Its first leaf.</param>
/// <param name="End">One after its last leaf.</param>
/// <param name="Inner">The units of the next level, in text order; none at the finest.</param>
public sealed record UnitNode(Unit Unit, int First, int End, IReadOnlyList<UnitNode> Inner)
{
    /// <inheritdoc/>
    public bool Equals(UnitNode? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>
/// The units of a request from coarse to fine, as <c>"granularity": ["sentence", "word"]</c> asks; with one level every unit is a leaf.
/// </summary>
/// <param name="Name">As the answer's <c>granularity</c> says it: levels from coarse to fine, with a slash between.</param>
/// <param name="Nodes">The coarsest units, in text order.</param>
/// <param name="Leaves">The finest units: what is perturbed is always a set of them.</param>
public sealed record UnitHierarchy(string Name, IReadOnlyList<UnitNode> Nodes, UnitSet Leaves)
{
    /// <summary>No units at all.</summary>
    public static UnitHierarchy None { get; } = new("", [], new UnitSet("", []));

    /// <summary>Whether there is more than one level.</summary>
    public bool IsDeep => Nodes.Any(node => node.Inner.Count > 0);

    /// <summary>The coarsest units.</summary>
    public UnitSet Top => IsDeep ? new UnitSet(Name, [.. Nodes.Select(node => node.Unit)]) : Leaves;

    /// <summary>The units of every level, coarsest first; a unit with nothing inside ends at its own level.</summary>
    public IEnumerable<IReadOnlyList<UnitNode>> Levels()
    {
        for (var level = Nodes; level.Count > 0; level = [.. level.SelectMany(node => node.Inner)])
        {
            yield return level;
        }
    }

    /// <summary>The coarsest units that have an answer, with what is inside them, where that has an answer of its own.</summary>
    /// <param name="answers">Of the nodes that have one.</param>
    public IReadOnlyList<UnitAnswer> Answers(IReadOnlyDictionary<UnitNode, UnitAnswer> answers)
    {
        return Listed(Nodes);

        UnitAnswer[] Listed(IReadOnlyList<UnitNode> nodes) => [.. nodes.Where(answers.ContainsKey).Select(Nested)];

        // Some of a unit's parts could be taken for all of it, unless they are all there is to say.
        IReadOnlyList<UnitAnswer>? Inside(UnitNode node) =>
            node.Inner.Count > 0 && (answers[node].Score is null || node.Inner.All(answers.ContainsKey)) ? Listed(node.Inner) : null;

        UnitAnswer Nested(UnitNode node) => answers[node] with { Units = Inside(node) };
    }

    /// <summary>Units with the scores of their tokens summed, at every level, as additive methods answer.</summary>
    /// <param name="input">The texts.</param>
    /// <param name="tokenScores">One a token.</param>
    /// <param name="standardErrors">Of the sums, where they are sampled.</param>
    public IReadOnlyList<UnitAnswer> Sums(
        PreparedInput input,
        IReadOnlyList<double> tokenScores,
        IReadOnlyDictionary<UnitNode, double>? standardErrors = null
    )
    {
        return Answers(Nodes)!;

        UnitAnswer[]? Answers(IReadOnlyList<UnitNode> nodes) =>
            nodes.Count == 0
                ? null
                :
                [
                    .. nodes.Select(node =>
                        UnitSet.Answer(input, node.Unit, node.Unit.Tokens.Sum(token => tokenScores[token]), standardErrors?[node]) with
                        {
                            Units = Answers(node.Inner),
                        }
                    ),
                ];
    }

    /// <summary>
    /// By the caller's spans, else by the request's granularity, else by the method's own. In time proportional to the text.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="input">Its texts.</param>
    /// <param name="otherwise">The method's own size of units.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <exception cref="InvalidRequestException">The text has no units, or a span is wrong.</exception>
    public static UnitHierarchy Build(
        TextRequest request,
        PreparedInput input,
        Granularity otherwise,
        CancellationToken cancellationToken = default
    )
    {
        if (request.Spans is { } spans)
        {
            return Flat(new UnitSet("spans", SpanUnits.Build(input, spans, request.SpansField)));
        }

        var levels = request.Granularity?.Levels ?? [otherwise];
        if (levels.Count == 1)
        {
            return Flat(UnitSet.Build(input, levels[0], cancellationToken));
        }

        var sets = levels.Select(level => UnitSet.Build(input, level, cancellationToken)).ToArray();
        var finer = sets.Skip(1).Select(set => new FinerUnits(set, input.Tokens.Count)).ToArray();
        var leaves = new List<Unit>();
        var nodes = new List<UnitNode>(sets[0].Units.Count);
        foreach (var unit in sets[0].Units)
        {
            cancellationToken.ThrowIfCancellationRequested();
            nodes.Add(Node(unit, finer, leaves));
        }

        return new UnitHierarchy(string.Join('/', sets.Select(set => set.Name)), nodes, new UnitSet(sets[^1].Name, leaves));
    }

    private static UnitHierarchy Flat(UnitSet units) =>
        new(units.Name, [.. units.Units.Select((unit, index) => new UnitNode(unit, index, index + 1, []))], units);

    private static UnitNode Node(Unit unit, ReadOnlySpan<FinerUnits> finer, List<Unit> leaves)
    {
        var first = leaves.Count;
        if (finer.IsEmpty)
        {
            leaves.Add(unit);
            return new UnitNode(unit, first, first + 1, []);
        }

        var inner = new List<UnitNode>();
        foreach (var part in finer[0].Inside(unit))
        {
            inner.Add(Node(part, finer[1..], leaves));
        }

        return new UnitNode(Around(inner, unit), first, leaves.Count, inner);
    }

    /// <summary>
    /// Finer units that are white space alone, as tokens of byte-level vocabularies can be, lie beside the unit that their tokens belong
    /// to: it reaches around them.
    /// </summary>
    private static Unit Around(List<UnitNode> inner, Unit unit) =>
        unit with
        {
            Start = Math.Min(unit.Start, inner[0].Unit.Start),
            End = Math.Max(unit.End, inner[^1].Unit.End),
        };

    /// <summary>The units of a finer level, found by their tokens.</summary>
    private sealed class FinerUnits(UnitSet units, int tokens)
    {
        private readonly int[] unitOf = units.ByToken(tokens);

        /// <summary>The units that have tokens inside a coarser one; of one that straddles its border what is inside.</summary>
        public IEnumerable<Unit> Inside(Unit unit)
        {
            foreach (var tokens in unit.Tokens.GroupBy(token => unitOf[token]))
            {
                var part = units.Units[tokens.Key];
                yield return part with
                {
                    Start = part.End > unit.Start ? Math.Max(part.Start, unit.Start) : part.Start,
                    End = part.Start < unit.End ? Math.Min(part.End, unit.End) : part.End,
                    Tokens = [.. tokens],
                };
            }
        }
    }
}
