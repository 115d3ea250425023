using ExplainService.Methods.Contracts;
using ExplainService.Runtime;

namespace ExplainService.Methods.Targets;

/// <summary>How similar two texts are to a model without a head: f is the cosine of their embeddings.</summary>
public sealed class SimilarityAdapter : ITaskAdapter
{
    /// <inheritdoc/>
    public ModelTask Task => ModelTask.FeatureExtraction;

    /// <inheritdoc/>
    public bool HasTarget(TaskInput task) =>
        task.Request.Pair is not null && !task.Model.Description.Unsupported.ContainsKey(ModelFeature.Predict);

    /// <inheritdoc/>
    public async Task<ResolvedTarget> ResolveAsync(TaskInput task, CancellationToken cancellationToken)
    {
        if (task.Model.Description.Unsupported.TryGetValue(ModelFeature.Predict, out var none))
        {
            throw new NotSupportedByModelException(none);
        }

        if (task.Request.Pair is null)
        {
            throw InvalidRequestException.CannotDo(
                "pair",
                "The model has no task head: it embeds texts. Give a second text as \"pair\", and their similarity is what is explained."
            );
        }

        TargetFields.Allow(task.Request.Target, "similarity");
        if (task.Request.Target?.Similarity == false)
        {
            throw InvalidRequestException.Malformed("target.similarity", "must be true");
        }

        if (task.Request.Objective is not (null or Objective.Logit))
        {
            throw InvalidRequestException.CannotDo(
                "objective",
                "A similarity is no probability; its only objective is \"logit\", the cosine itself."
            );
        }

        var function = new TargetFunction(Objective.Logit, Link.Identity, [new TargetOutput([0], [0])]);
        var whole = task.Input.Tokens;
        InputWindow[] windows =
        [
            .. task.Input.Windows.Select(encoding => new InputWindow(
                encoding,
                InputWindow.RowOf(encoding),
                function with
                {
                    IsEmbedding = true,
                }
            )),
        ];
        var embeddings = await task
            .Model.Runner.PredictAsync(windows.Select(window => window.Row), task.Work, cancellationToken)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var cosine = new CosineOfEmbeddings();
        var similarity = cosine.Of([.. embeddings.Zip(windows, (logits, window) => window.Target.Score(logits))])[0];
        var both = new TokenRow
        {
            Ids = whole.Ids,
            TypeIds = whole.TypeIds,
            PairStart = task.Input.Windows[0].Count,
        };
        return new ResolvedTarget(new Prediction { Similarity = similarity }, new TargetAnswer { Similarity = true }, function, windows)
        {
            Combination = cosine,
            Joint = new InputWindow(whole, both, function),
        };
    }
}
