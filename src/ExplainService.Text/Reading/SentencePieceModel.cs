using Google.Protobuf;

namespace ExplainService.Text.Reading;

/// <summary>An entry of a SentencePiece model.</summary>
/// <param name="Text">The piece.</param>
/// <param name="Score">Its log-probability, or minus its rank.</param>
/// <param name="Kind">1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte.</param>
internal readonly record struct SentencePiece(string Text, float Score, int Kind);

/// <summary>A SentencePiece model's file: the fields of <c>sentencepiece_model.proto</c> that tokenizing needs.</summary>
internal sealed class SentencePieceModel
{
    private const int Unigram = 1;
    private const int BytePair = 2;

    /// <summary>The entries; ids are indices.</summary>
    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>Whether it is a byte-pair model rather than a unigram one.</summary>
    public bool IsBytePair { get; private set; }

    public int UnknownId { get; private set; }

    public string UnknownText { get; private set; } = "<unk>";

    public byte[] CharsMap { get; private set; } = [];

    /// <exception cref="TokenizerFormatException">The file is truncated or no such model.</exception>
    /// <exception cref="TokenizerNotSupportedException">The model is neither unigram nor byte-pair.</exception>
    public static SentencePieceModel Read(string path)
    {
        try
        {
            var model = new SentencePieceModel();
            var input = new CodedInputStream(File.ReadAllBytes(path));
            while (input.ReadTag() is not 0 and var tag)
            {
                switch (WireFormat.GetTagFieldNumber(tag))
                {
                    case 1:
                        model.Pieces.Add(ReadPiece(input.ReadBytes()));
                        break;
                    case 2:
                        model.ReadTrainer(input.ReadBytes());
                        break;
                    case 3:
                        model.ReadNormalizer(input.ReadBytes());
                        break;
                    default:
                        input.SkipLastField();
                        break;
                }
            }

            return model.Pieces.Count > 0 ? model : throw new TokenizerFormatException($"{Path.GetFileName(path)} has no pieces.");
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new TokenizerFormatException($"{Path.GetFileName(path)} is not a SentencePiece model: {error.Message}", error);
        }
    }

    private static SentencePiece ReadPiece(ByteString bytes)
    {
        var (text, score, kind) = ("", 0f, 1);
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    text = input.ReadString();
                    break;
                case 2:
                    score = input.ReadFloat();
                    break;
                case 3:
                    kind = input.ReadEnum();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return new SentencePiece(text, score, kind);
    }

    private void ReadTrainer(ByteString bytes)
    {
        var kind = Unigram;
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 3:
                    kind = input.ReadEnum();
                    break;
                case 40:
                    UnknownId = input.ReadInt32();
                    break;
                case 45:
                    UnknownText = input.ReadString();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        IsBytePair = kind switch
        {
            Unigram => false,
            BytePair => true,
            var other => throw new TokenizerNotSupportedException(
                "SentencePiece model_type",
                other.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ),
        };
    }

    private void ReadNormalizer(ByteString bytes)
    {
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 2)
            {
                CharsMap = input.ReadBytes().ToByteArray();
            }
            else
            {
                input.SkipLastField();
            }
        }
    }
}
