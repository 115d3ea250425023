using ExplainService.Methods.Contracts;

namespace ExplainService.Methods;

/// <summary>A method whose requests may name several texts: each is explained on its own, and the answers become one.</summary>
internal interface ISeveralTexts
{
    /// <summary>The request about one of them.</summary>
    /// <param name="request">About all of them.</param>
    /// <param name="index">Which one.</param>
    TextRequest One(TextRequest request, int index);

    /// <summary>Why the request about one of them is refused, by the fields of that about all.</summary>
    InvalidRequestException Refused(InvalidRequestException refused, int index);

    /// <summary>What of a text's answer is kept until the others are there.</summary>
    Explanation Kept(Explanation answer);

    /// <summary>One answer of all.</summary>
    Explanation Joined(TextRequest request, IReadOnlyList<Explanation> answers);
}
