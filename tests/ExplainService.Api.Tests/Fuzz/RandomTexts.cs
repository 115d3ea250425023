using System.Text;
using ExplainService.Methods.Numerics;

namespace ExplainService.Api.Tests.Fuzz;

/// <summary>
/// Texts of all scripts, with what makes offsets go wrong: emoji, combining marks, directions, odd white space, special tokens.
/// </summary>
internal sealed class RandomTexts(SeededRandom random)
{
    private static readonly string[] Pieces =
    [
        "a",
        "gripping",
        "film",
        "Not",
        "bad",
        "at",
        "all",
        "unbelievably",
        "don't",
        "U.S.A.",
        "3.14",
        "naïve",
        "Straße",
        "ﬁlm",
        "İstanbul",
        "привет",
        "мир",
        "Ελλάδα",
        "שָׁלוֹם",
        "مرحبا",
        "हिन्दी",
        "தமிழ்",
        "ไทยแลนด์",
        "日本語",
        "中文",
        "한국어",
        "ქართული",
        "አማርኛ",
        "ខ្មែរ",
        "👍",
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇩🇪",
        "e\u0301",
        "Z\u0351\u036b\u0343",
        "\u202Eright\u202C",
        "\u2066x\u2069",
        "\u200B",
        "\u00AD",
        "\uFEFF",
        "[MASK]",
        "[CLS]",
        "[SEP]",
        "[PAD]",
        "[UNK]",
        "##ing",
        "<s>",
        "</s>",
        "\t",
        "\n",
        "\r\n",
        "\n\n",
        "\u2029",
        "\u00A0",
        "\u3000",
        "\0",
        "\u0007",
        ".",
        ",",
        "!?",
        "…",
        "。",
        "(",
        ")",
        "\"",
        "'",
        "«",
        "»",
        "$",
        "=",
        "<",
        "\\",
        "𝒻",
        "𠜎",
        "\uE000",
        "\uFFFD",
        "\uFFFF",
        "ab" + "\u0300" + "\u0301" + "cd",
    ];

    /// <summary>A text of about so many pieces, with or without spaces between them.</summary>
    public string Next(int pieces)
    {
        var text = new StringBuilder();
        for (var i = random.Next(pieces + 1); i >= 0; i--)
        {
            text.Append(random.Next(40) == 0 ? Scalar() : Pieces[random.Next(Pieces.Length)]);
            text.Append(random.Next(3) > 0 ? " " : "");
        }

        return text.ToString();
    }

    /// <summary>Any character at all.</summary>
    private string Scalar()
    {
        while (true)
        {
            if (Rune.TryCreate(random.Next(0x110000), out var rune))
            {
                return rune.ToString();
            }
        }
    }
}
