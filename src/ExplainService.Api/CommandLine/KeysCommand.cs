using System.CommandLine;
using System.Globalization;
using ExplainService.Api.Access;

namespace ExplainService.Api.CommandLine;

/// <summary><c>keys new NAME</c>: a key for its owner, once, and for the configuration its hash.</summary>
internal static class KeysCommand
{
    /// <summary>What the command line begins with.</summary>
    public const string Name = "keys";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Whose key it is: what jobs and the audit log call them" };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 and <= 200 } given || given.Any(char.IsControl))
            {
                result.AddError("A name has 1 to 200 characters, none of them control characters.");
            }
        });
        var scopes = new Option<string[]>("--scopes")
        {
            Description = "What it is for: " + string.Join(", ", Scopes.All),
            DefaultValueFactory = _ => [Scopes.Explain],
            AllowMultipleArgumentsPerToken = true,
            CustomParser = parsed => [.. parsed.Tokens.SelectMany(token => Parts(token.Value))],
        };
        scopes.Validators.Add(result =>
        {
            if (result.Tokens.SelectMany(token => Parts(token.Value)).FirstOrDefault(one => !Scopes.All.Contains(one)) is { } unknown)
            {
                result.AddError($"There is no scope '{unknown}'; there are {string.Join(", ", Scopes.All)}.");
            }
        });
        var models = new Option<string[]>("--models")
        {
            Description = "The models that it may use; default: all",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = parsed => [.. parsed.Tokens.SelectMany(token => Parts(token.Value))],
        };
        var rate = new Option<int?>("--requests-per-minute") { Description = "Requests that it may send a minute; default: any number" };
        var evaluations = new Option<long?>("--evaluations-per-hour")
        {
            Description = "Rows of a model that it may have computed an hour; default: any number",
        };
        var number = new Option<int>("--number") { Description = "Its place among the keys of the configuration, from 0" };
        var command = new Command("new", "Prints a new key, which is kept nowhere, and the lines of the configuration that let it in")
        {
            name,
            scopes,
            models,
            rate,
            evaluations,
            number,
        };
        command.SetAction(parsed =>
        {
            var key = ApiKeys.New();
            var output = parsed.InvocationConfiguration.Output;
            output.WriteLine("The key, which is shown this once:");
            output.WriteLine(key);
            output.WriteLine();
            output.WriteLine("For the configuration of the service:");
            foreach (
                var (setting, value) in Settings(
                    parsed.GetRequiredValue(name),
                    ApiKeys.HashOf(key),
                    parsed.GetValue(scopes) ?? [],
                    parsed.GetValue(models),
                    parsed.GetValue(rate),
                    parsed.GetValue(evaluations)
                )
            )
            {
                output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{AuthOptions.Section}__Keys__{parsed.GetValue(number)}__{setting}={value}"
                    )
                );
            }
        });
        return new Command(Name, "Keys of callers") { command };
    }

    private static IEnumerable<(string Setting, string Value)> Settings(
        string name,
        byte[] hash,
        string[] scopes,
        string[]? models,
        int? rate,
        long? evaluations
    )
    {
        yield return ("Name", name);
        yield return ("Sha256", Convert.ToHexStringLower(hash));
        yield return ("Scopes", string.Join(',', scopes));
        if (models is { Length: > 0 })
        {
            yield return ("Models", string.Join(',', models));
        }

        if (rate is { } requests)
        {
            yield return (nameof(Caller.RequestsPerMinute), requests.ToString(CultureInfo.InvariantCulture));
        }

        if (evaluations is { } rows)
        {
            yield return (nameof(Caller.EvaluationsPerHour), rows.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
