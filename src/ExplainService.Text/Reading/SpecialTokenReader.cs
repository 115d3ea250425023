namespace ExplainService.Text.Reading;

/// <summary>Which token plays which special part.</summary>
internal static class SpecialTokenReader
{
    /// <summary>From the settings; where those say nothing, by the names that the families give them.</summary>
    public static SpecialTokens Read(TokenizerSettings settings, Func<string, int?> idOf)
    {
        (string? Text, int? Id) Find(string key, params string[] usual)
        {
            if (settings.TextOf(key) is { } named)
            {
                return (named, idOf(named));
            }

            var found = Array.Find(usual, name => idOf(name) is not null);
            return (found, found is null ? null : idOf(found));
        }

        var pad = Find("pad_token", "[PAD]", "<pad>");
        var mask = Find("mask_token", "[MASK]", "<mask>");
        var unknown = Find("unk_token", "[UNK]", "<unk>");
        var cls = Find("cls_token", "[CLS]");
        var sep = Find("sep_token", "[SEP]");
        var bos = Find("bos_token", "<s>", "<|begin_of_text|>");
        var eos = Find("eos_token", "</s>", "<|endoftext|>", "<|end_of_text|>");
        return new SpecialTokens(pad.Id, mask.Id, unknown.Id, cls.Id, sep.Id, bos.Id, eos.Id)
        {
            PadText = pad.Text,
            MaskText = mask.Text,
            UnknownText = unknown.Text,
            ClsText = cls.Text,
            SepText = sep.Text,
            BosText = bos.Text,
            EosText = eos.Text,
        };
    }
}
