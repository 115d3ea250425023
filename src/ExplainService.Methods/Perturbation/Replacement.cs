using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Runtime;
using ExplainService.Text.Tokenization;

namespace ExplainService.Methods.Perturbation;

/// <summary>What stands in for the tokens of a removed unit.</summary>
/// <param name="Token">A token for each of the unit's tokens; null: the unit becomes <paramref name="Text"/>.</param>
/// <param name="Text">What the whole unit becomes.</param>
/// <param name="Name">As the answer names it.</param>
public sealed record Replacement(int? Token, PlacedText Text, string Name)
{
    /// <summary>From the request: by default what the model has for that (<see cref="StandIns.Removed"/>).</summary>
    /// <exception cref="InvalidRequestException">The model has no such token (422).</exception>
    public static Replacement Resolve(ReplacementRequest? request, ILoadedModel model, ICollection<Warning> warnings)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(warnings);
        if (model.Description.Picture is not null)
        {
            return OfPicture(request?.Kind ?? ReplacementKind.Mean);
        }

        var (tokenizer, standIns) = (model.Tokenizer, model.Description.StandIns);
        var special = tokenizer.Special;
        return request?.Kind switch
        {
            ReplacementKind.Mean or ReplacementKind.Zero or ReplacementKind.Blur or ReplacementKind.Noise =>
                throw InvalidRequestException.CannotDo(
                    "replacement",
                    $"\"{EnumNames.Of(request.Kind)}\" is for pictures; units of a text become \"mask\", \"pad\", \"delete\" or {{\"text\": …}}."
                ),
            ReplacementKind.Delete => Deletion,
            ReplacementKind.Text => new Replacement(null, PlacedText.Of(tokenizer, request.Text!), "text"),
            ReplacementKind.Pad => standIns.Pad is { } pad ? InPlace(pad) : throw Lacks("padding", standIns),
            ReplacementKind.Mask when (special.Mask ?? special.Pad ?? special.Unknown) is null => throw Lacks("mask", standIns),
            _ => InPlaceOfMask(tokenizer, standIns, warnings),
        };
    }

    /// <summary>Of a picture the id that stands for a version of it.</summary>
    private static Replacement OfPicture(ReplacementKind kind) =>
        kind switch
        {
            ReplacementKind.Mean => Shown(PictureVersion.Mean),
            ReplacementKind.Zero => Shown(PictureVersion.Zero),
            ReplacementKind.Blur => Shown(PictureVersion.Blur),
            ReplacementKind.Noise => Shown(PictureVersion.Noise),
            _ => throw InvalidRequestException.CannotDo(
                "replacement",
                "Units of a picture become \"mean\", \"zero\", \"blur\" or \"noise\"; the others are for texts."
            ),
        };

    private static Replacement Shown(PictureVersion version) => new((int)version, PlacedText.Nothing, EnumNames.Of(version));

    private static Replacement Deletion => new(null, PlacedText.Nothing, EnumNames.Of(ReplacementKind.Delete));

    private static Replacement InPlaceOfMask(Tokenizer tokenizer, StandIns standIns, ICollection<Warning> warnings)
    {
        var replacement = standIns.Removed is { } token ? InPlace(token) : Deletion;
        if (tokenizer.Special.Mask is null)
        {
            var became = replacement.Token is null
                ? "were deleted, as no other of its tokens stands for text"
                : $"became {replacement.Name}";
            warnings.Add(new Warning(WarningCode.NoMaskToken, $"This tokenizer has no mask token; removed units {became}."));
        }

        return replacement;
    }

    private static Replacement InPlace(VocabularyToken token) => new(token.Id, PlacedText.Nothing, token.Text);

    /// <summary>Everything that is named works for every model.</summary>
    private static InvalidRequestException Lacks(string what, StandIns standIns)
    {
        var removed = standIns.Removed is { } token ? $"become {token.Text}" : "are deleted";
        return InvalidRequestException.CannotDo(
            "replacement",
            $"This tokenizer has no {what} token. Without \"replacement\" removed units {removed}; \"delete\" and {{\"text\": …}} work too."
        );
    }
}
