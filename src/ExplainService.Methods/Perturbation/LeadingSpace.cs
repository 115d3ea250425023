using System.Text;

namespace ExplainService.Methods.Perturbation;

/// <summary>White space that tokens carry in front: byte-level and SentencePiece vocabularies write it as letters.</summary>
internal static class LeadingSpace
{
    private const string SentencePieceNewLine = "<0x0A>";

    /// <summary>The white space in front of the first character that is none; always empty for vocabularies that drop it (WordPiece).</summary>
    /// <param name="tokens">In the vocabulary's form.</param>
    public static string Of(IEnumerable<string> tokens)
    {
        var space = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token == SentencePieceNewLine)
            {
                space.Append('\n');
                continue;
            }

            foreach (var letter in token)
            {
                if (Meaning(letter) is not { } meaning)
                {
                    return space.ToString();
                }

                space.Append(meaning);
            }
        }

        return space.ToString();
    }

    private static char? Meaning(char letter) =>
        letter switch
        {
            'Ġ' or '▁' => ' ',
            'Ċ' => '\n',
            'ĉ' => '\t',
            'č' => '\r',
            _ => null,
        };
}
