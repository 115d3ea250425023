using System.Text.Json;
using ExplainService.Text.Reading;

namespace ExplainService.Text.Templates;

/// <summary>A slot of a template: special tokens, or one of the sequences.</summary>
/// <param name="Specials">Ids of special tokens; empty for a sequence.</param>
/// <param name="Sequence">0 the text, 1 the pair, −1 special tokens.</param>
/// <param name="TypeId">The segment id of what stands here.</param>
internal sealed record Slot(int[] Specials, int Sequence, int TypeId);

/// <summary>Where special tokens stand around a text or a pair, and how byte-level offsets are trimmed (a post-processor).</summary>
/// <param name="Single">Slots of one text.</param>
/// <param name="Pair">Slots of two.</param>
/// <param name="Trim">Whether offsets leave out the white space that byte-level tokens carry.</param>
/// <param name="TrimAddsPrefix">Whether the first token's space was added rather than found.</param>
internal sealed record Template(IReadOnlyList<Slot> Single, IReadOnlyList<Slot> Pair, bool Trim = false, bool TrimAddsPrefix = false)
{
    /// <summary>No special tokens.</summary>
    public static Template Plain { get; } = new([new Slot([], 0, 0)], [new Slot([], 0, 0), new Slot([], 1, 1)]);

    /// <summary>Reads the <c>post_processor</c> of tokenizer.json.</summary>
    public static Template Read(JsonElement? json)
    {
        if (json is not { } element)
        {
            return Plain;
        }

        switch (element.Type())
        {
            case "TemplateProcessing":
                return ReadTemplate(element);
            case "BertProcessing":
                var (cls, sep) = (IdOf(element, "cls"), IdOf(element, "sep"));
                return new Template(
                    [Special(cls), new Slot([], 0, 0), Special(sep)],
                    [Special(cls), new Slot([], 0, 0), Special(sep), new Slot([], 1, 1), new Slot([sep], -1, 1)]);
            case "RobertaProcessing":
                var (begin, end) = (IdOf(element, "cls"), IdOf(element, "sep"));
                return new Template(
                    [Special(begin), new Slot([], 0, 0), Special(end)],
                    [Special(begin), new Slot([], 0, 0), Special(end), Special(end), new Slot([], 1, 0), Special(end)],
                    element.Flag("trim_offsets", true),
                    element.Flag("add_prefix_space", true));
            case "ByteLevel":
                return Plain with { Trim = element.Flag("trim_offsets", true), TrimAddsPrefix = element.Flag("add_prefix_space", true) };
            case "Sequence":
                return element.Items("processors").Select(item => Read(item)).Aggregate(Plain, Then);
            case var other:
                throw new TokenizerNotSupportedException("post_processor", other);
        }
    }

    /// <summary>One processor after another: what the later one says of slots or trimming wins.</summary>
    private static Template Then(Template first, Template second) => new(
        ReferenceEquals(second.Single, Plain.Single) ? first.Single : second.Single,
        ReferenceEquals(second.Pair, Plain.Pair) ? first.Pair : second.Pair,
        first.Trim || second.Trim,
        second.Trim ? second.TrimAddsPrefix : first.TrimAddsPrefix);

    private static Slot Special(int id) => new([id], -1, 0);

    private static int IdOf(JsonElement element, string name)
    {
        var pair = element.Required(name);
        return pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            ? pair[1].AsInt(name)
            : throw new TokenizerFormatException($"The tokenizer's '{name}' is not a token with its id.");
    }

    private static Template ReadTemplate(JsonElement element)
    {
        var specials = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var entry in element.Required("special_tokens").EnumerateObject())
        {
            specials[entry.Name] = [.. entry.Value.Items("ids").Select(id => id.AsInt("ids"))];
        }

        return new Template(Slots(element, "single", specials), Slots(element, "pair", specials));
    }

    private static List<Slot> Slots(JsonElement element, string name, Dictionary<string, int[]> specials)
    {
        List<Slot> slots = [];
        foreach (var item in element.Items(name))
        {
            if (item.Optional("SpecialToken") is { } special)
            {
                var token = special.Text("id");
                var ids = specials.TryGetValue(token, out var found) ? found : throw new TokenizerFormatException($"The template names an unknown special token '{token}'.");
                slots.Add(new Slot(ids, -1, special.Int("type_id")));
            }
            else
            {
                var sequence = item.Required("Sequence");
                slots.Add(new Slot([], sequence.Text("id") == "B" ? 1 : 0, sequence.Int("type_id")));
            }
        }

        return slots;
    }
}
