using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Scenes;

namespace ExplainService.Rendering.Views;

/// <summary>One way to look at an answer. A new file with one is offered wherever it fits, without being registered anywhere.</summary>
public interface IView
{
    /// <summary>As <c>?view=</c> calls it.</summary>
    string Name { get; }

    /// <summary>
    /// How well it shows this answer: 0, not at all; the best is what a caller gets who names no view. Ten stands for a view that shows
    /// some of the answer, twenty for one that shows all of its scores, thirty for the one that its method is known by.
    /// </summary>
    int Fit(Subject subject);

    /// <summary>Draws an answer that it fits.</summary>
    /// <exception cref="InvalidRequestException">An option names what the answer does not have (422).</exception>
    Scene Draw(Subject subject, PictureOptions options);
}
