using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace ExplainService.Api.Access;

/// <summary>
/// Reads section <c>Auth</c>. What is wrong or misspelt in it ends the start: a restriction that nothing reads would be none.
/// </summary>
internal static class AuthSettings
{
    private static readonly string[] OfKeys = ["Name", "Sha256", "Scopes", "Models", "RequestsPerMinute", "EvaluationsPerHour"];

    private static readonly string[] OfSection =
    [
        .. typeof(AuthOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name),
    ];

    /// <summary>The settings.</summary>
    /// <exception cref="OptionsValidationException">What is wrong with them.</exception>
    public static AuthOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(AuthOptions.Section);
        var wrong = new List<string>();
        wrong.AddRange(Unknown(section, OfSection));
        if (section[nameof(AuthOptions.Keys)] is { Length: > 0 })
        {
            wrong.Add($"{AuthOptions.Section}:Keys is a list: {AuthOptions.Section}:Keys:0:Name and so on");
        }

        var general = new AuthOptions
        {
            Authority = Text(section, nameof(AuthOptions.Authority)),
            Audience = Text(section, nameof(AuthOptions.Audience)),
            Required = Flag(section, nameof(AuthOptions.Required), wrong),
            RequestsPerMinute = (int?)Number(section, nameof(AuthOptions.RequestsPerMinute), 1_000_000, wrong),
            EvaluationsPerHour = Number(section, nameof(AuthOptions.EvaluationsPerHour), 1L << 50, wrong),
        };
        ApiKey[] keys =
        [
            .. section.GetSection(nameof(AuthOptions.Keys)).GetChildren().Select(key => Key(key, general, wrong)).OfType<ApiKey>(),
        ];
        wrong.AddRange(Twice(keys, key => key.Caller.Name).Select(name => $"{AuthOptions.Section}:Keys has two keys of the name '{name}'"));
        wrong.AddRange(
            Twice(keys, key => Convert.ToHexStringLower(key.Sha256.Span)).Select(_ => $"{AuthOptions.Section}:Keys has one hash twice")
        );
        if (general.Authority is { } authority && !IsAuthority(authority))
        {
            wrong.Add($"{AuthOptions.Section}:Authority is '{authority}'; it must be a URL with https (http for this machine alone)");
        }

        if (general is { Authority: not null, Audience: null })
        {
            wrong.Add($"{AuthOptions.Section}:Audience is missing: without it a token that was made for another service would do");
        }

        return wrong.Count == 0
            ? general with
            {
                Keys = keys,
            }
            : throw new OptionsValidationException(AuthOptions.Section, typeof(AuthOptions), wrong);
    }

    private static ApiKey? Key(IConfigurationSection section, AuthOptions general, List<string> wrong)
    {
        var before = wrong.Count;
        wrong.AddRange(Unknown(section, OfKeys));
        var name = Text(section, "Name");
        if (name is null || name.Any(char.IsControl))
        {
            wrong.Add($"{section.Path}:Name is missing");
        }

        var hash = Text(section, "Sha256") ?? "";
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
        {
            wrong.Add($"{section.Path}:Sha256 must be the key's SHA-256: 64 hexadecimal digits, as 'keys new' prints them");
        }

        var scopes = List(section, "Scopes", wrong) ?? [Scopes.Explain];
        var models = List(section, "Models", wrong);
        wrong.AddRange(
            scopes
                .Where(scope => scope.Length > 0 && !Scopes.All.Contains(scope))
                .Select(scope => $"{section.Path}:Scopes holds '{scope}'; scopes are {string.Join(", ", Scopes.All)}")
        );
        var rate = (int?)Number(section, nameof(Caller.RequestsPerMinute), 1_000_000, wrong);
        var evaluations = Number(section, nameof(Caller.EvaluationsPerHour), 1L << 50, wrong);
        return wrong.Count > before
            ? null
            : new ApiKey(
                Convert.FromHexString(hash),
                new Caller
                {
                    Id = Caller.IdOfKey(name!),
                    Name = name!,
                    Scopes = scopes.ToFrozenSet(StringComparer.Ordinal),
                    Models = models?.ToFrozenSet(StringComparer.Ordinal),
                    RequestsPerMinute = rate ?? general.RequestsPerMinute,
                    EvaluationsPerHour = evaluations ?? general.EvaluationsPerHour,
                }
            );
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, string[] known) =>
        from setting in section.GetChildren()
        where !known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
        select $"{setting.Path} is no setting; there are {string.Join(", ", known)}";

    private static IEnumerable<string> Twice(ApiKey[] keys, Func<ApiKey, string> part) =>
        keys.GroupBy(part, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key);

    private static string? Text(IConfigurationSection section, string key) => section[key] is { Length: > 0 } value ? value.Trim() : null;

    private static bool Flag(IConfigurationSection section, string key, List<string> wrong)
    {
        if (Text(section, key) is not { } text)
        {
            return false;
        }

        if (!bool.TryParse(text, out var flag))
        {
            wrong.Add($"{section.Path}:{key} is '{text}'; it must be true or false");
        }

        return flag;
    }

    private static long? Number(IConfigurationSection section, string key, long most, List<string> wrong)
    {
        if (Text(section, key) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
        {
            return number;
        }

        wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{section.Path}:{key} is '{text}'; it must be from 1 to {most}"));
        return null;
    }

    /// <summary>A list, or one string with commas or spaces; null where there is neither. An empty item is a variable that was not set.</summary>
    private static string[]? List(IConfigurationSection section, string key, List<string> wrong)
    {
        var list = section.GetSection(key);
        string[] items = [.. list.GetChildren().Select(child => child.Value?.Trim() ?? "")];
        if (items.Contains(""))
        {
            wrong.Add($"{section.Path}:{key} holds an empty item");
        }

        return items.Length > 0 ? items : list.Value?.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
