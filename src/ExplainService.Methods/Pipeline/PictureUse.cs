namespace ExplainService.Methods.Pipeline;

/// <summary>What a method makes of pictures.</summary>
/// <param name="Path">Its route, as in <c>/shap</c>.</param>
/// <param name="NoPicturesReason">Why it says nothing of them, in a sentence; null: it explains them.</param>
/// <param name="HidesUnits">Whether it shows the model pictures with units of any shape hidden.</param>
/// <param name="ScoresSuperpixels">Whether its units may be regions of any shape.</param>
/// <param name="NeedsPrediction">Whether it asks the model at all, rather than its tokenizer alone.</param>
internal sealed record PictureUse(string Path, string? NoPicturesReason, bool HidesUnits, bool ScoresSuperpixels, bool NeedsPrediction);
