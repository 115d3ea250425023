using System.Text.Json;
using ExplainService.Text.Json;

namespace ExplainService.Text.Templates;

/// <summary>Reads the <c>post_processor</c> of tokenizer.json: one line a type.</summary>
internal static class TemplateReader
{
    public static Template Read(JsonElement? json) =>
        json is not { } element
            ? Template.Plain
            : element.Type() switch
            {
                "TemplateProcessing" => new Template(ReadParts(element, "single"), ReadParts(element, "pair")),
                "BertProcessing" => Bert(ReadSpecial(element, "cls"), ReadSpecial(element, "sep")),
                "RobertaProcessing" => Roberta(ReadSpecial(element, "cls"), ReadSpecial(element, "sep"), 0) with
                {
                    TrimsOffsets = element.Flag("trim_offsets", true),
                    AddsPrefixSpace = element.Flag("add_prefix_space", true),
                },
                "ByteLevel" => Template.Plain with
                {
                    TrimsOffsets = element.Flag("trim_offsets", true),
                    AddsPrefixSpace = element.Flag("add_prefix_space", true),
                },
                "Sequence" => element.Items("processors").Aggregate(Template.Plain, (sum, item) => Combine(sum, Read(item))),
                var other => throw new TokenizerNotSupportedException("post_processor", other),
            };

    /// <summary>BERT's layout: cls text sep, cls text sep pair sep, the pair being type 1.</summary>
    public static Template Bert((int Id, string Text) cls, (int Id, string Text) sep) =>
        new(
            [Special(cls, 0), new TemplatePart(0, 0), Special(sep, 0)],
            [Special(cls, 0), new TemplatePart(0, 0), Special(sep, 0), new TemplatePart(1, 1), Special(sep, 1)]
        );

    /// <summary>RoBERTa's layout: cls text sep, cls text sep sep pair sep.</summary>
    public static Template Roberta((int Id, string Text) cls, (int Id, string Text) sep, int pairType) =>
        new(
            [Special(cls, 0), new TemplatePart(0, 0), Special(sep, 0)],
            [
                Special(cls, 0),
                new TemplatePart(0, 0),
                Special(sep, 0),
                Special(sep, 0),
                new TemplatePart(1, pairType),
                Special(sep, pairType),
            ]
        );

    /// <summary>Every sequence between <paramref name="before"/> and <paramref name="after"/>, where there are such tokens.</summary>
    public static Template Around((int Id, string Text)? before, (int Id, string Text)? after, int pairType)
    {
        return new Template(Wrap(0, 0), [.. Wrap(0, 0), .. Wrap(1, pairType)]);

        List<TemplatePart> Wrap(int sequence, int type)
        {
            List<TemplatePart> parts = [new TemplatePart(sequence, type)];
            if (before is { } first)
            {
                parts.Insert(0, Special(first, type));
            }

            if (after is { } last)
            {
                parts.Add(Special(last, type));
            }

            return parts;
        }
    }

    private static TemplatePart Special((int Id, string Text) token, int type) => new(-1, type, token.Id, token.Text);

    /// <summary>Trimming and laying out do not disturb each other; two layouts in a row are more than any model needs.</summary>
    private static Template Combine(Template sum, Template next)
    {
        var layout =
            sum.SpecialCount(true) == 0 ? next
            : next.SpecialCount(true) == 0 ? sum
            : throw new TokenizerNotSupportedException("post_processor", "Sequence of two templates");
        return layout with
        {
            TrimsOffsets = sum.TrimsOffsets || next.TrimsOffsets,
            AddsPrefixSpace = sum.TrimsOffsets ? sum.AddsPrefixSpace : next.AddsPrefixSpace,
        };
    }

    private static (int Id, string Text) ReadSpecial(JsonElement json, string name)
    {
        var value = json.Required(name);
        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[0].ValueKind == JsonValueKind.String
            ? (value[1].AsInt(name), value[0].GetString()!)
            : throw new TokenizerFormatException($"The post_processor's '{name}' is not a token with its id.");
    }

    private static List<TemplatePart> ReadParts(JsonElement json, string name)
    {
        List<TemplatePart> parts = [];
        foreach (var item in json.Items(name))
        {
            if (item.Optional("Sequence") is { } sequence)
            {
                parts.Add(new TemplatePart(sequence.Text("id") == "A" ? 0 : 1, sequence.Int("type_id")));
                continue;
            }

            var special = item.Required("SpecialToken");
            var token = json.Required("special_tokens").Required(special.Text("id"));
            var ids = token.Items("ids").ToArray();
            var texts = token.Items("tokens").ToArray();
            if (ids.Length != texts.Length)
            {
                throw new TokenizerFormatException(
                    $"The template's special token '{special.Text("id")}' has {ids.Length} ids for {texts.Length} tokens."
                );
            }

            for (var i = 0; i < ids.Length; i++)
            {
                parts.Add(new TemplatePart(-1, special.Int("type_id"), ids[i].AsInt("ids"), texts[i].GetString()!));
            }
        }

        return parts;
    }
}
