using ExplainService.Images;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Pipeline;
using ExplainService.Methods.Targets;
using ExplainService.Runtime;

namespace ExplainService.Methods;

/// <summary>Request → validated input → tokens → prediction and target → method → answer.</summary>
/// <param name="models">The models.</param>
/// <param name="catalog">The methods and tasks.</param>
/// <param name="time">The clock, for deadlines and elapsed times.</param>
/// <param name="images">How large pictures may be; null: as by default.</param>
public sealed class Explainer(IModelRegistry models, MethodCatalog catalog, TimeProvider time, ImageOptions? images = null) : IExplainer
{
    private readonly ImageOptions images = images ?? new ImageOptions();
    private readonly PreparationTurns turns = new(Math.Max(2, Environment.ProcessorCount));

    private LabelledPictures Labelled => field ??= new LabelledPictures(turns, images);

    /// <inheritdoc/>
    public async Task<Explanation> ExplainAsync(ExplainRequest request, WorkOptions work, RequestClock clock)
    {
        var method = catalog.For(request);
        using var trace = MethodTraces.Explanation(method.Path);
        try
        {
            var answer = await AnswerAsync(method, request, work, clock).ConfigureAwait(false);
            trace?.SetTag("explain.model", answer.Model);
            return answer;
        }
        catch (Exception error)
        {
            trace.Failed(error);
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, FeatureSupport> Support(ModelDescription model)
    {
        var noTask = catalog.AdapterOf(model.Task) is null ? "This version does not explain the model's task." : null;
        var support = new SortedDictionary<string, FeatureSupport>(StringComparer.Ordinal);
        foreach (var method in catalog.Methods)
        {
            foreach (var feature in method.Features)
            {
                var reason =
                    (model.Picture is null || (model.Texts is not null && !method.NeedsPrediction) ? null : method.NoPicturesReason)
                    ?? feature.ReasonAgainst(model)
                    ?? (feature.Needs.Count > 0 ? noTask : null);
                support[feature.Name] = new FeatureSupport(feature, method.Path, reason);
            }
        }

        return support;
    }

    private async Task<Explanation> AnswerAsync(IExplanationMethod method, ExplainRequest request, WorkOptions work, RequestClock clock)
    {
        request = method.Normalised(request);
        RequestChecks.Check(request, mayBeBlank: !method.NeedsPrediction);
        using var timed = clock.WithDeadline(time, request.DeadlineMs);
        method.Check(request);
        try
        {
            return await (
                TextOf(request) is { ManyTexts: { } texts } several && method is ISeveralTexts joining
                    ? SeveralAsync(several, texts, (method, joining), work, timed)
                    : ExplainAsync(TextOf(request), method, work, timed)
            ).ConfigureAwait(false);
        }
        catch (Exception error)
            when (timed.Deadline.Passed
                && !timed.Stop.IsCancellationRequested
                && error is OperationCanceledException or NoPartialResultException
            )
        {
            throw new DeadlineExceededException(
                timed.Deadline.Milliseconds!.Value,
                method.NoPartialResultReason(request) ?? "too little had been scored for a partial result"
            );
        }
    }

    /// <summary>The pipeline of texts; other kinds of input will have their own.</summary>
    private static TextRequest TextOf(ExplainRequest request) =>
        request as TextRequest ?? throw new NotSupportedException($"{request.GetType().Name} brings no text.");

    /// <summary>Each of several texts, and their answers as one.</summary>
    private async Task<Explanation> SeveralAsync(
        TextRequest request,
        IReadOnlyList<string> texts,
        (IExplanationMethod Explains, ISeveralTexts Joins) method,
        WorkOptions work,
        RequestClock clock
    )
    {
        var answers = new List<Explanation>(texts.Count);
        for (var index = 0; index < texts.Count; index++)
        {
            try
            {
                var one = method.Joins.One(request, index);
                var answer = await ExplainAsync(one, method.Explains, work with { Meter = work.Meter.Step() }, clock).ConfigureAwait(false);
                answers.Add(method.Joins.Kept(answer));
                work.Progress?.Invoke(index + 1, texts.Count);
            }
            catch (InvalidRequestException refused)
            {
                throw method.Joins.Refused(refused, index);
            }
        }

        return method.Joins.Joined(request, answers) with
        {
            ElapsedMs = Math.Round(clock.Deadline.Elapsed.TotalMilliseconds, 3),
        };
    }

    /// <summary>What the answer says of its own scores, where the request asks and there is time.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, MetricAnswer>>?> QualityAsync(
        Explanation answer,
        IExplanationMethod method,
        ExplanationContext context,
        RequestClock clock
    )
    {
        if (context.Request.Quality != AnswerQuality.Basic || !method.ScoresParts)
        {
            return null;
        }

        try
        {
            var quality = await catalog.Quality.MeasureAsync(answer, context, clock.InTime).ConfigureAwait(false);
            if (quality is null)
            {
                context.Warnings.Add(FieldWarnings.Ignored("quality"));
            }

            return quality;
        }
        catch (OperationCanceledException) when (context.Deadline.Passed && !clock.Stop.IsCancellationRequested)
        {
            context.Warnings.Add(
                new Warning(WarningCode.QualityNotMeasured, "The deadline passed before the quality of the scores was measured.")
            );
            return null;
        }
    }

    /// <summary>How to read the model's predictions.</summary>
    private ITaskAdapter AdapterOf(ModelDescription model) =>
        catalog.AdapterOf(model.Task)
        ?? throw new NotSupportedByModelException(
            FormattableString.Invariant(
                $"This version does not explain predictions of the task {EnumNames.Of(model.Task)}; /tokenize works."
            )
        );

    /// <summary>
    /// Until there is a prediction nothing can be answered, so that the deadline ends it too; it only hurries a method that answers with
    /// a partial result.
    /// </summary>
    private async Task<Explanation> ExplainAsync(TextRequest request, IExplanationMethod method, WorkOptions work, RequestClock clock)
    {
        var (deadline, inTime) = (clock.Deadline, clock.InTime);
        var own = CheckedModels.Of(models, work);
        var (model, hold) = await HoldAsync(own, request.Model, inTime).ConfigureAwait(false);
        using var held = hold;
        PicturePreparation.Check(
            model.Description,
            request,
            new PictureUse(method.Path, method.NoPicturesReason, method.HidesUnits, method.ScoresSuperpixels, method.NeedsPrediction)
        );
        var warnings = new List<Warning>(method.NeedsPrediction ? model.Description.Warnings : []);
        warnings.AddRange(method.Unused(request).Select(FieldWarnings.Ignored));
        var judges = request.Quality == AnswerQuality.Basic && method.ScoresParts;
        if (request.Quality == AnswerQuality.Basic && !judges)
        {
            warnings.Add(FieldWarnings.Ignored("quality"));
        }

        request = Conversations.Rendered(model, request, time.GetUtcNow(), warnings, inTime);
        OtherSide? labels = null;
        if (model.Texts is not null)
        {
            (model, request, labels) = await Labelled.ReadAsync(model, request, work, warnings, inTime).ConfigureAwait(false);
        }

        var adapter = method.NeedsPrediction ? AdapterOf(model.Description) : null;
        TargetChecks.Check(model.Description, request, method.NeedsPrediction);
        var (file, pixels) = await PicturePreparation.HoldAsync(request, images, work, inTime).ConfigureAwait(false);
        var (input, units) = await turns
            .TakeAsync(
                (request.Image ?? request.Text).Length
                    + pixels
                    + (request.Pair?.Length ?? 0)
                    + (Hypotheses.LengthOf(request) * (request.Labels?.Count ?? 0)),
                () => Prepare((model, labels), request, file, method, warnings, inTime),
                inTime
            )
            .ConfigureAwait(false);
        model = judges || method.AsksAgain ? new RememberingModel(model) : model;
        var rows = method.ExpectedRows(request, model.Description, input, units);
        work = work.Expecting(judges ? rows + catalog.Quality.ExpectedRows(units.Leaves.Units.Count) : rows) with
        {
            TimeLeft = deadline.Milliseconds is { } limit ? () => TimeSpan.FromMilliseconds(limit) - deadline.Elapsed : null,
            NeedsAll = method.NoPartialResultReason(request) is not null,
        };
        await work.HoldingAsync(method.ExpectedBytes(request, model.Description, input, units), inTime).ConfigureAwait(false);
        work = work with { Precision = await PrecisionAsync(model, request, method, warnings, inTime).ConfigureAwait(false) };
        var task = new TaskInput(model, request, input, work with { Precision = Precision.Exact }, warnings);
        if (
            method.OnePass(request) is { } propagation
            && request.Against is null
            && !model.Description.IsApproximatedInside
            && adapter?.Foresee(task) is { } foreseen
        )
        {
            model = new OnePassModel(model, foreseen, propagation);
            task = task with { Model = model };
        }

        var resolved =
            adapter is null || (!method.NeedsTarget(request) && !adapter.HasTarget(task))
                ? null
                : await adapter.ResolveAsync(task, inTime).ConfigureAwait(false);
        var partial = method.NoPartialResultReason(request) is null;
        var context = new ExplanationContext
        {
            Model = model,
            Request = request,
            Input = input,
            Units = units,
            Resolved = resolved,
            Work = work,
            Deadline = partial ? deadline : Deadline.None,
            Nested = new NestedExplanations(catalog, time),
            Warnings = warnings,
            Adapter = adapter,
            Models = own,
        };
        var answer = await method.ExplainAsync(request, context, partial ? clock.Stop : inTime).ConfigureAwait(false);
        if (!partial && deadline.Passed)
        {
            throw new OperationCanceledException();
        }

        answer = answer with { Quality = await QualityAsync(answer, method, context, clock).ConfigureAwait(false) };
        return answer with
        {
            Title = method.TitleOf(request),
            Model = model.Description.Name,
            Method = answer.Method.Length > 0 ? answer.Method : method.Path.TrimStart('/'),
            Objective = resolved?.Function.Objective,
            Prediction = answer.Prediction ?? resolved?.Prediction,
            Target = resolved?.Answer,
            Against = resolved?.Against,
            Image = input.Picture?.Answer(),
            Drawn = input.Picture?.Drawn,
            Tokens = answer.Tokens.Count > 0 ? answer.Tokens : input.TokenAnswers(),
            Generated = answer.Generated ?? resolved?.Generation?.Tokens,
            Unseen = input.Unseen.Count == 0 ? null : input.Unseen,
            Seed = method.IsSeeded ? context.Seed : null,
            ElapsedMs = Math.Round(deadline.Elapsed.TotalMilliseconds, 3),
            Warnings = [.. warnings.Select(warning => warning.Text)],
            WarningCodes = [.. warnings.Select(warning => warning.Code)],
        };
    }

    /// <summary>Tokens that fit the model, and the units of the text.</summary>
    private (PreparedInput Input, UnitHierarchy Units) Prepare(
        (ILoadedModel Reads, OtherSide? Labels) model,
        TextRequest request,
        byte[]? file,
        IExplanationMethod method,
        List<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        using var trace = MethodTraces.Tokens();
        var input = request.Image is null
            ? Tokens(model.Reads, request, method, warnings, cancellationToken)
            : PicturePreparation.Input(
                PicturePreparation.Prepare(model.Reads, request, file, method.HidesUnits, images, warnings, model.Labels)
            );
        trace.Made(input);
        return (input, method.Units is { } size ? UnitHierarchy.Build(request, input, size, cancellationToken) : UnitHierarchy.None);
    }

    private PreparedInput Tokens(
        ILoadedModel model,
        TextRequest request,
        IExplanationMethod method,
        List<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        var input = InputPreparation.Prepare(
            model,
            request,
            TargetChecks.NoWindows(
                model.Description,
                method.NeedsPrediction,
                method.ReadsWindows ? null : catalog.Paths(one => one.ReadsWindows)
            ) ?? method.NoWindowsReason(request),
            catalog.AdapterOf(model.Description.Task)?.Reserve(model, request, cancellationToken) ?? 0,
            method.NeedsPrediction,
            warnings,
            cancellationToken
        );
        return UnknownTokens.Mark(input, model.Tokenizer, warnings);
    }

    /// <summary>The model, which stays what it is to the end of the explanation, whatever becomes of its folder.</summary>
    private static async Task<(ILoadedModel Model, IDisposable Hold)> HoldAsync(
        IModelRegistry models,
        string? name,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var model = await models.GetAsync(name, cancellationToken).ConfigureAwait(false);
            if (model.TryHold() is { } hold)
            {
                return (model, hold);
            }
        }
    }

    /// <summary>The arithmetic of perturbed rows; the prediction itself is always the model's own.</summary>
    private async Task<Precision> PrecisionAsync(
        ILoadedModel model,
        ExplainRequest request,
        IExplanationMethod method,
        List<Warning> warnings,
        CancellationToken cancellationToken
    )
    {
        if (request.Precision != Precision.Fast)
        {
            return Precision.Exact;
        }

        if (!method.Perturbs)
        {
            throw InvalidRequestException.CannotDo(
                "precision",
                $"\"fast\" is for methods that score changed texts ({catalog.Paths(one => one.Perturbs)})."
            );
        }

        var quality = await model.Runner.FastAsync(cancellationToken).ConfigureAwait(false);
        warnings.Add(new Warning(WarningCode.FastPrecision, $"\"precision\" is \"fast\". {quality}"));
        return Precision.Fast;
    }
}
