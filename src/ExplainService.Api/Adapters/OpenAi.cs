using System.Text.Json.Nodes;
using ExplainService.Api.Access;
using ExplainService.Api.Contracts;
using ExplainService.Api.Pipeline;
using ExplainService.Api.Telemetry;
using ExplainService.Methods.Contracts;
using ExplainService.Methods.Predictions;
using ExplainService.Protocol.Privacy;
using ExplainService.Protocol.Problems;
using ExplainService.Runtime;

namespace ExplainService.Api.Adapters;

/// <summary>
/// OpenAI's <c>/v1/completions</c> for causal models, with <c>echo</c>, <c>logprobs</c> and vLLM's <c>prompt_logprobs</c>: what Captum's remote
/// attribution asks. Generation is greedy, always. <c>/v1/models</c> is the native list, which under <c>/v1</c> has OpenAI's fields too.
/// </summary>
internal static class OpenAi
{
    /// <summary>As OpenAI has it.</summary>
    public const int DefaultMaxTokens = 16;

    /// <summary>Maps the endpoint, which clients call under <c>/v1</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/completions", CompleteAsync)
            .WithName("openai_completions")
            .WithTags("openai")
            .WithSummary("OpenAI (/v1/completions): the greedy continuation of a prompt, and how likely its tokens are")
            .Produces<Completion>()
            .WithMetadata(
                new NeededScope(Scopes.Explain),
                new ProblemForm(Error),
                PeerOperation.Of<CompletionInput>(
                    new JsonObject
                    {
                        ["model"] = "gpt-reviews",
                        ["prompt"] = "A gripping",
                        ["max_tokens"] = 1,
                        ["prompt_logprobs"] = 0,
                    }
                )
            );

    /// <summary>The list of models with OpenAI's fields.</summary>
    public static ModelList Listed(ModelList list, IEnumerable<ModelEntry> models) =>
        list with
        {
            Object = "list",
            Data =
            [
                .. models
                    .Where(model => model is { State: not ModelState.Broken, Task: ModelTask.TextGeneration })
                    .OrderByDescending(model => model.Name == list.Default)
                    .Select(model => new CompletionModel(model.Name)),
            ],
        };

    private static Task<IResult> CompleteAsync(HttpContext context, PeerRequests peers, IModelRegistry models, TimeProvider time) =>
        peers.ServeAsync(
            context,
            AdapterJson.Of<CompletionInput>(),
            async (input, work) =>
            {
                input.Check();
                var prompts = input.Prompts();
                PeerRequests.CheckCount(prompts.Count, input.Model.Length);
                var answers = await AskAsync(input, prompts, peers, work).ConfigureAwait(false);
                var ends = (await models.GetAsync(input.Model, context.RequestAborted).ConfigureAwait(false)).Description.EndTokens;
                var choices = answers.Select(
                    (answer, index) =>
                        CompletionChoice.Of(input, index, peers.Redaction.Masked(prompts[index]), (PredictAnswer)answer, ends)
                );
                return Results.Json(
                    Completion.Of(answers, [.. choices], RequestFacts.Of(context).TraceId, time.GetUtcNow()),
                    AdapterJson.Options
                );
            }
        );

    private static async Task<IReadOnlyList<Explanation>> AskAsync(
        CompletionInput input,
        IReadOnlyList<string> prompts,
        PeerRequests peers,
        PeerWork work
    )
    {
        try
        {
            return await work.AskAsync([.. prompts.Select(prompt => Read(input, prompt, peers.Redaction))]).ConfigureAwait(false);
        }
        catch (InvalidRequestException refused) when (refused.Errors.Count > 0)
        {
            // By OpenAI's names.
            throw refused.Renamed("text", "prompt").Renamed("max_new_tokens", "max_tokens");
        }
    }

    /// <summary>The native request: the continuation, and the tokens of prompt and continuation where they are asked for.</summary>
    private static NativeRequest Read(CompletionInput input, string prompt, Redaction redaction)
    {
        var most = input.MaxTokens ?? DefaultMaxTokens;
        var fields = new JsonObject { ["model"] = input.Model, ["text"] = prompt };
        if (input.Logprobs is not null || input.PromptLogprobs is not null)
        {
            fields["token_probabilities"] = Math.Max(input.Logprobs ?? 0, input.PromptLogprobs ?? 0);
        }

        if (most > 0)
        {
            fields["max_new_tokens"] = most;
        }

        if (input.Seed is { } seed)
        {
            fields["seed"] = seed;
        }

        return NativeRequest.Read(NativeRequest.Predict, fields, "", redaction);
    }

    private static JsonObject Error(Problem problem)
    {
        var status = ProblemForm.StatusOf(problem);
        return new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = problem.Detail,
                ["type"] = status switch
                {
                    401 => "authentication_error",
                    403 => "permission_error",
                    429 => "rate_limit_error",
                    >= 500 => "server_error",
                    _ => "invalid_request_error",
                },
                ["param"] = problem.Errors?.Keys.FirstOrDefault(),
                ["code"] = status == 404 && problem.Errors?.ContainsKey("model") == true ? "model_not_found" : null,
            },
        };
    }
}
