namespace ExplainService.Text.Units;

/// <summary>Size of the units of a text that get scores.</summary>
public enum Granularity
{
    /// <summary>The tokenizer's tokens, special ones excluded.</summary>
    Token,

    /// <summary>Words by Unicode segmentation (UAX #29); punctuation marks are words of their own.</summary>
    Word,

    /// <summary>Sentences by Unicode segmentation.</summary>
    Sentence,

    /// <summary>Paragraphs: separated by empty lines.</summary>
    Paragraph,

    /// <summary>Of a picture: the patches that the model cuts it into.</summary>
    Patch,

    /// <summary>Of a picture: regions of like colour.</summary>
    Superpixel,
}
