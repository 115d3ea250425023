namespace ExplainService.Rendering.Colours;

/// <summary>What page a picture is drawn for.</summary>
public enum Theme
{
    /// <summary>As the viewer prefers (SVG and HTML); PNG, which cannot ask, is light.</summary>
    Auto,

    /// <summary>A light page.</summary>
    Light,

    /// <summary>A dark page.</summary>
    Dark,
}
