namespace ExplainService.Runtime;

/// <summary>The model's graph does not allow what is asked (422); the message names the operator and node where there is one.</summary>
public sealed class NotSupportedByModelException(string message) : Exception(message);

/// <summary>The model's folder cannot be served (422); the message says what is wrong with it.</summary>
public sealed class ModelNotUsableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No such model (404).</summary>
public sealed class ModelNotFoundException(string message) : Exception(message);

/// <summary>Not now: the queue is full (429), or the service shuts down or lacks memory (503).</summary>
/// <param name="message">What is full.</param>
/// <param name="retryAfter">When to try again.</param>
/// <param name="unavailable">The service cannot (503), rather than being busy with others' requests (429).</param>
public sealed class ServiceBusyException(string message, TimeSpan retryAfter, bool unavailable = false) : Exception(message)
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter => retryAfter;

    /// <summary>The service cannot, whoever else asks.</summary>
    public bool Unavailable => unavailable;
}

/// <summary>What <c>Runtime:Provider</c> or <c>Runtime:Device</c> names is not to be had from this build on this machine.</summary>
public sealed class ProviderNotAvailableException(string message, Exception? inner = null) : NotSupportedException(message, inner);
