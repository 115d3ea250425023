namespace ExplainService.Text.Templates;

/// <summary>A token of one text before the template places it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">The vocabulary's form.</param>
/// <param name="Start">Its range in the text.</param>
/// <param name="End">Its range in the text.</param>
/// <param name="Word">The index of its piece.</param>
/// <param name="Surface">What stood in the text, for added tokens: it may have taken white space with it.</param>
internal readonly record struct RawToken(int Id, string Text, int Start, int End, int Word, string? Surface = null);
