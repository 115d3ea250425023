using System.Text.Json.Nodes;
using DevLab.JmesPath;
using ExplainService.Methods.Contracts;

namespace ExplainService.Api.Adapters;

/// <summary>Clarify's <c>EnableExplanations</c>: a JMESPath expression that says of what the model said of a record whether it is explained.</summary>
internal sealed class EnableExplanations
{
    /// <summary>As long as SageMaker takes; it bounds how deep an expression nests too.</summary>
    public const int Longest = 64;

    private readonly JmesPath language = new();
    private readonly string expression;
    private readonly string name;

    private EnableExplanations(string expression, string name)
    {
        (this.expression, this.name) = (expression, name);
        // Once for all records: what is none is told before a model is asked.
        language.Parse(expression);
    }

    /// <summary>Reads one.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="name">Where it was given, for messages.</param>
    /// <exception cref="InvalidRequestException">400: it is empty, too long, or none.</exception>
    public static EnableExplanations Read(string expression, string name)
    {
        if (expression.Length is 0 or > Longest)
        {
            throw InvalidRequestException.Malformed(
                name,
                FormattableString.Invariant($"must be an expression of 1 to {Longest} characters")
            );
        }

        try
        {
            return new EnableExplanations(expression, name);
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            // The library throws exceptions of many kinds, bare ones among them.
            throw InvalidRequestException.Malformed(name, "is not a JMESPath expression");
        }
    }

    /// <summary>Whether a record is explained.</summary>
    /// <param name="said">What the model said of it.</param>
    /// <exception cref="InvalidRequestException">400: it does not fit the record, or gives no truth value.</exception>
    public bool IsTrueOf(JsonNode said)
    {
        string result;
        try
        {
            result = language.Transform(said.ToJsonString(), expression);
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            throw InvalidRequestException.Malformed(name, "is not a JMESPath expression over what the model says of a record");
        }

        return result switch
        {
            "true" => true,
            "false" => false,
            _ => throw InvalidRequestException.Malformed(name, "must give true or false of every record"),
        };
    }
}
