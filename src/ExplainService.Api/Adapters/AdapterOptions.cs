using ExplainService.Methods;

namespace ExplainService.Api.Adapters;

/// <summary>Configuration section <c>Adapters</c>: which protocols of other services are spoken.</summary>
internal sealed class AdapterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Adapters";

    /// <summary>KServe, V1 and V2 (the Open Inference Protocol: Triton, Seldon, MLServer).</summary>
    public bool KServe { get; init; } = true;

    /// <summary>Containers of SageMaker, with Clarify's explanations.</summary>
    public bool SageMaker { get; init; } = true;

    /// <summary>Completions of OpenAI, with vLLM's log-probabilities of prompts.</summary>
    public bool OpenAi { get; init; } = true;

    /// <summary>TorchServe.</summary>
    public bool TorchServe { get; init; } = true;

    /// <summary>Endpoints of Vertex AI.</summary>
    public bool Vertex { get; init; } = true;

    /// <summary>The Model Context Protocol.</summary>
    public bool Mcp { get; init; } = true;

    /// <summary>What explains where a protocol has a place for an explanation and none for its method.</summary>
    public string Explain { get; init; } = "/shap";

    /// <summary>SageMaker: which records of <c>/invocations</c> are explained where the request does not say, by JMESPath; empty: none.</summary>
    public string EnableExplanations { get; init; } = "";

    /// <summary>Why <see cref="Explain"/> cannot explain; null: it can.</summary>
    public string? WrongExplain() =>
        MethodCatalog.Default.Methods.Any(method => method.Path == Explain && NativeRequest.ScoresUnits(method))
            ? null
            : $"{Section}:{nameof(Explain)} is '{Explain}'; {NativeRequest.Explaining} explain";
}
