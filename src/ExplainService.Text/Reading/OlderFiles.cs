namespace ExplainService.Text.Reading;

/// <summary>Which files of a folder hold its tokenizer.</summary>
internal static class OlderFiles
{
    /// <summary>tokenizer.json where there is one, else what the family wrote before it.</summary>
    public static TokenizerParts ReadAny(string folder, TokenizerSettings settings)
    {
        string PathOf(string name) => Path.Combine(folder, name);
        if (File.Exists(PathOf("tokenizer.json")))
        {
            return TokenizerFile.Read(PathOf("tokenizer.json"));
        }

        if (File.Exists(PathOf("vocab.txt")))
        {
            return BertFiles.Read(PathOf("vocab.txt"), settings);
        }

        throw new TokenizerFormatException("The folder holds no tokenizer: neither tokenizer.json nor vocab.txt.");
    }
}
