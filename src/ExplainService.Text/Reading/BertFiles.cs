using ExplainService.Text.Added;
using ExplainService.Text.Families;
using ExplainService.Text.Normalizers;
using ExplainService.Text.Splitters;
using ExplainService.Text.Templates;

namespace ExplainService.Text.Reading;

/// <summary>Reads the older files of BERT's kind: vocab.txt, one entry a line, with the settings of tokenizer_config.json.</summary>
internal static class BertFiles
{
    private static readonly string[] SpecialKeys = ["unk_token", "sep_token", "pad_token", "cls_token", "mask_token", "bos_token", "eos_token"];

    public static TokenizerParts Read(string path, TokenizerSettings settings)
    {
        var lines = File.ReadAllLines(path);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < lines.Length; id++)
        {
            ids[lines[id].TrimEnd('\r', '\n')] = id;
        }

        var vocabulary = new Vocabulary(ids);
        string Named(string key, string otherwise) => settings.TextOf(key) ?? otherwise;
        var lowercase = settings.Flag("do_lower_case") ?? true;
        var (cls, sep) = (vocabulary.Require(Named("cls_token", "[CLS]"), "classifying token"), vocabulary.Require(Named("sep_token", "[SEP]"), "separator"));
        var doubled = settings.Class.StartsWith("MPNet", StringComparison.Ordinal);
        Slot Special(int id, int type = 0) => new([id], -1, type);
        var template = new Template(
            [Special(cls), new Slot([], 0, 0), Special(sep)],
            doubled
                ? [Special(cls), new Slot([], 0, 0), Special(sep), Special(sep), new Slot([], 1, 0), Special(sep)]
                : [Special(cls), new Slot([], 0, 0), Special(sep), new Slot([], 1, 1), Special(sep, 1)]);
        var added = SpecialKeys
            .Select(key => (Key: key, Content: settings.TextOf(key)))
            .Where(entry => entry.Content is not null && vocabulary.IdOf(entry.Content) is not null)
            .DistinctBy(entry => entry.Content)
            .Select(entry => new AddedToken(vocabulary.IdOf(entry.Content!)!.Value, entry.Content!, Special: true, Normalized: false, LeftStrip: doubled && entry.Key == "mask_token"));
        return new TokenizerParts(
            new BertNormalizer(true, settings.Flag("tokenize_chinese_chars") ?? true, settings.Flag("strip_accents") ?? lowercase, lowercase),
            new BertSplitter(),
            new WordPiece(vocabulary, Named("unk_token", "[UNK]"), "##", 100),
            template,
            static pieces => [.. pieces.Select((piece, i) => i == 0 ? piece : piece.StartsWith("##", StringComparison.Ordinal) ? piece[2..] : " " + piece)],
            [.. added]);
    }
}
