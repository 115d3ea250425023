using ExplainService.Text.Families;

namespace ExplainService.Text.Reading;

/// <summary>Makes vocabularies of SentencePiece models.</summary>
internal static class SentencePieceVocabularies
{
    /// <summary>A unigram vocabulary: ids are positions among the entries.</summary>
    public static Unigram Unigram(
        SentencePieceModel model,
        IEnumerable<(string Text, double Score)> entries,
        int? unknown = null,
        bool byteFallback = false
    )
    {
        if (model.IsBytePair)
        {
            throw new TokenizerNotSupportedException("SentencePiece model_type", "BPE for this family");
        }

        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        List<double> scores = [];
        foreach (var (text, score) in entries)
        {
            ids[text] = scores.Count;
            scores.Add(score);
        }

        return new Unigram(new Vocabulary(ids), [.. scores], unknown ?? model.UnknownId, byteFallback);
    }

    /// <summary>
    /// A unigram model whose ids another file gives (Marian: one vocabulary for two models). Other entries are never cut out.
    /// </summary>
    public static Unigram Shared(SentencePieceModel model, Dictionary<string, int> ids)
    {
        var vocabulary = new Vocabulary(ids);
        var scores = new double[vocabulary.Size];
        Array.Fill(scores, double.NaN);
        foreach (var piece in model.Pieces)
        {
            if (vocabulary.IdOf(piece.Text) is { } id)
            {
                scores[id] = piece.Score;
            }
        }

        return new Unigram(vocabulary, scores, vocabulary.Require("<unk>", "unknown token"), byteFallback: false);
    }

    /// <summary>
    /// A byte-pair vocabulary. The model keeps no merges: every way to make a piece of two others is one, better pieces first.
    /// </summary>
    public static BytePairEncoding BytePair(SentencePieceModel model, bool byteFallback)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            ids[model.Pieces[id].Text] = id;
        }

        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        List<(string Left, string Right, float Score, int LeftId, int RightId)> merges = [];
        foreach (var (text, id) in ids.OrderBy(entry => entry.Value))
        {
            var first = merges.Count;
            for (var at = 1; at < text.Length; at++)
            {
                if (lookup.TryGetValue(text.AsSpan(0, at), out var left) && lookup.TryGetValue(text.AsSpan(at), out var right))
                {
                    merges.Add((text[..at], text[at..], model.Pieces[id].Score, left, right));
                }
            }

            merges.Sort(
                first,
                merges.Count - first,
                Comparer<(string, string, float, int LeftId, int RightId)>.Create(
                    (a, b) => (a.LeftId, a.RightId).CompareTo((b.LeftId, b.RightId))
                )
            );
        }

        // The sort is stable, so that equal scores keep the order of ids (Transformers sorts the same three keys downwards).
        var ordered = merges
            .OrderByDescending(merge => merge.Score)
            .ThenByDescending(merge => CountCharacters(merge.Left))
            .ThenByDescending(merge => CountCharacters(merge.Right))
            .Select(merge => (merge.Left, merge.Right));
        return new BytePairEncoding(
            new Vocabulary(ids),
            [.. ordered],
            new BytePairOptions(model.UnknownText, FuseUnknown: true, ByteFallback: byteFallback)
        );
    }

    private static int CountCharacters(string text) => text.EnumerateRunes().Count();
}
