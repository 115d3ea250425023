using ExplainService.Methods.Contracts;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods.Counterfactuals;

/// <summary>What a request wants changed, by the model's task.</summary>
internal static class Goals
{
    private const string NoLabel =
        "The model predicts a number, not one of several labels: no change of the text makes it another. /occlusion and /shap tell what moves it.";

    private const string NoSequence =
        "The model writes whole texts, of which nearly every change makes another; a counterfactual is of one prediction.";

    /// <summary>Why a model has no counterfactuals; null: it has.</summary>
    public static string? Refuses(ModelDescription model) =>
        model.Link == Link.Identity || model.Task == ModelTask.FeatureExtraction ? NoLabel
        : model.Task == ModelTask.Text2textGeneration ? NoSequence
        : null;

    /// <summary>Reads a request.</summary>
    /// <exception cref="InvalidRequestException">The target is not what the model predicts, or what is wanted is there already (422).</exception>
    public static Goal Of(CounterfactualRequest request, ExplanationContext context)
    {
        var (model, target) = (context.Model.Description, context.Target);
        if (request.Target?.Labels is not null)
        {
            throw InvalidRequestException.CannotDo("target.labels", "A counterfactual is of one prediction; name one label, or none.");
        }

        if (target.Generation is { Ids.Length: > 1 })
        {
            throw InvalidRequestException.CannotDo(
                request.Target is null ? "max_new_tokens" : "target",
                "A counterfactual is of the next token alone; a continuation of several has none."
            );
        }

        return model.Task switch
        {
            ModelTask.QuestionAnswering => OfAnswer(request, context),
            ModelTask.TextClassification or ModelTask.ImageClassification => OfLabels(request, context),
            ModelTask.TextGeneration => OfNextToken(request, context),
            _ => OfToken(request, context),
        };
    }

    private static Goal OfLabels(CounterfactualRequest request, ExplanationContext context)
    {
        var model = context.Model.Description;
        var isAlone = request.Labels is { } own ? own.Count == 1 : model.Link == Link.Sigmoid;
        var labels = request.Labels ?? model.Labels;
        return isAlone ? OfLabelAlone(request, context, labels) : OfClass(request, context, labels);
    }

    private static ClassGoal OfClass(CounterfactualRequest request, ExplanationContext context, IReadOnlyList<string> labels)
    {
        if (context.Target.Prediction.Labels!.Count == 1)
        {
            throw InvalidRequestException.CannotDo(
                "labels",
                "One label alone is always the one that is predicted; give two labels or more."
            );
        }

        var before = Predicted(context, context.Target.Answer.Index!.Value, "target.label");
        var to = request.To is { } wanted ? LabelTarget.Index(wanted, labels, context.Target.Prediction.Labels!.Count, "to") : (int?)null;
        return new ClassGoal(before, Other(before, to));
    }

    private static CrossingGoal OfLabelAlone(CounterfactualRequest request, ExplanationContext context, IReadOnlyList<string> labels)
    {
        var all = context.Target.Prediction.Labels!;
        var index = request.To is { } wanted ? LabelTarget.Index(wanted, labels, all.Count, "to") : context.Target.Answer.Index!.Value;
        var held = all.First(label => label.Index == index).Probability >= 0.5;
        return request.To is not null && held ? throw ThereAlready() : new CrossingGoal(index, held);
    }

    private static NextTokenGoal OfNextToken(CounterfactualRequest request, ExplanationContext context)
    {
        var before = Predicted(context, context.Target.Generation!.Ids[0], "target");
        return new NextTokenGoal(before, Other(before, Entry(request, context)));
    }

    private static TokenClassGoal OfToken(CounterfactualRequest request, ExplanationContext context)
    {
        var (answer, ofVocabulary) = (context.Target.Answer, context.Model.Description.Task == ModelTask.FillMask);
        var token = answer.Token!.Value;
        if (context.Input.Tokens.Tokens[token].Sequence < 0)
        {
            throw InvalidRequestException.CannotDo(
                "target.token",
                "A special token stands for nothing in the text, so that it cannot be followed through changes; name a token of the text."
            );
        }

        var before = Predicted(context, answer.Index!.Value, ofVocabulary ? "target.token_id" : "target.label");
        var to =
            ofVocabulary ? Entry(request, context)
            : request.To is { } wanted
                ? LabelTarget.Index(wanted, context.Model.Description.Labels, context.Target.Prediction.Labels!.Count, "to")
            : (int?)null;
        return new TokenClassGoal(context.Input, token, before, Other(before, to), ofVocabulary);
    }

    private static AnswerGoal OfAnswer(CounterfactualRequest request, ExplanationContext context)
    {
        var (prediction, asked) = (context.Target.Prediction, context.Target.Answer.Span);
        var span = prediction.Span!;
        if (asked is { } one && ((one.Start ?? span.StartToken) != span.StartToken || (one.End ?? span.EndToken) != span.EndToken))
        {
            throw NotPredicted("target.span");
        }

        var to = request.To is null
            ? null
            : request.To.Name ?? throw InvalidRequestException.CannotDo("to", "Answers have no numbers; give the text of the one wanted.");
        return to == prediction.Text ? throw ThereAlready() : new AnswerGoal(context.Input, span, prediction.Text!, to);
    }

    private static int? Entry(CounterfactualRequest request, ExplanationContext context) =>
        request.To is { } wanted ? VocabularyEntries.Named(wanted, context.Model.Tokenizer, "to") : null;

    private static int Predicted(ExplanationContext context, int target, string field) =>
        target == context.Target.Prediction.Index ? target : throw NotPredicted(field);

    private static int? Other(int before, int? to) => to == before ? throw ThereAlready() : to;

    private static InvalidRequestException NotPredicted(string field) =>
        InvalidRequestException.CannotDo(
            field,
            "The model does not predict this, so that there is nothing to change; leave it out, or say in \"to\" what it is to predict instead."
        );

    private static InvalidRequestException ThereAlready() =>
        InvalidRequestException.CannotDo("to", "The model predicts this already; name what it is to predict instead.");
}
