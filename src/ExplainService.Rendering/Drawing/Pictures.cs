using ExplainService.Methods.Contracts;
using ExplainService.Rendering.Scenes;
using ExplainService.Rendering.Views;

namespace ExplainService.Rendering.Drawing;

/// <summary>Chooses a view and draws it.</summary>
public static class Pictures
{
    /// <summary>Every view of this assembly.</summary>
    public static IReadOnlyList<IView> Views { get; } =
    [
        .. typeof(IView)
            .Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IView)))
            .Select(type => (IView)Activator.CreateInstance(type)!)
            .OrderBy(view => view.Name, StringComparer.Ordinal),
    ];

    /// <summary>The views that an answer has, the default first.</summary>
    public static IReadOnlyList<IView> Of(Subject subject) =>
        [
            .. Views
                .Select(view => (View: view, Fit: view.Fit(subject)))
                .Where(pair => pair.Fit > 0)
                .OrderByDescending(pair => pair.Fit)
                .Select(pair => pair.View),
        ];

    /// <summary>Draws an answer.</summary>
    /// <exception cref="InvalidRequestException">The answer has no such view, or no picture at all (422).</exception>
    public static Scene Draw(Subject subject, PictureOptions options)
    {
        var views = Of(subject);
        if (views.Count == 0)
        {
            throw InvalidRequestException.CannotDo("format", "this answer has nothing to draw; ask for json");
        }

        var view = options.View is null ? views[0] : views.FirstOrDefault(one => one.Name == options.View);
        return view is not null
            ? view.Draw(subject, options)
            : throw InvalidRequestException.CannotDo(
                "view",
                "this answer has the views " + string.Join(", ", views.Select(one => $"\"{one.Name}\""))
            );
    }
}
