namespace ExplainService.Rendering.Scenes;

/// <summary>A picture before it takes a form: what SVG, PNG and HTML have in common.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Title">What it shows, in a few words.</param>
/// <param name="Description">What it shows, in sentences, for those who do not see it.</param>
/// <param name="Elements">What is drawn, from back to front.</param>
public sealed record Scene(double Width, double Height, string Title, string Description, IReadOnlyList<Element> Elements)
{
    /// <summary>The numbers behind the picture, which HTML gives beside it.</summary>
    public NumberTable? Numbers { get; init; }
}

/// <summary>Numbers as a table.</summary>
public sealed record NumberTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
