using System.Runtime.CompilerServices;

namespace ExplainService.Text.ChatTemplates.Jinja;

/// <summary>What a template may take: it comes from anywhere, and renders texts of anybody.</summary>
internal sealed class JinjaBudget(int contents, DateTimeOffset now, CancellationToken cancellationToken)
{
    private const int MaxSteps = 1_000_000;
    private const int MaxDepth = 60;

    /// <summary>Characters that may be made beside what the contents themselves need.</summary>
    private const long MaxCharacters = 4_000_000;

    private const int StepsBetweenLooks = 1024;

    private long characters = MaxCharacters + (64L * contents);
    private int steps;
    private int depth;

    /// <summary>The time that a template may write.</summary>
    public DateTimeOffset Now => now;

    /// <summary>One expression, one statement.</summary>
    public void Step()
    {
        if (++steps > MaxSteps)
        {
            throw ChatTemplateException.TooMuch($"takes more than {MaxSteps} steps");
        }

        if (steps % StepsBetweenLooks == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw ChatTemplateException.TooMuch("nests too deep");
        }
    }

    /// <summary>A value is walked over, as looking something up in it does.</summary>
    public object? Walked(object? value)
    {
        var length = value switch
        {
            TracedText text => text.Length / 64,
            List<object?> list => list.Count,
            _ => 0,
        };
        steps = (int)Math.Min(MaxSteps, steps + (long)length);
        Step();
        return value;
    }

    /// <summary>A text was made, or a list of so many items.</summary>
    public T Made<T>(T value)
    {
        Make(
            value switch
            {
                TracedText text => text.Length,
                List<object?> list => list.Count,
                _ => 0,
            }
        );
        return value;
    }

    /// <summary>A text of so many characters is about to be made.</summary>
    public void Make(long length)
    {
        characters -= length;
        if (characters < 0)
        {
            throw ChatTemplateException.TooMuch("makes far more text than its messages hold");
        }
    }

    /// <summary>A macro calls another, or itself.</summary>
    public T Inside<T>(Func<T> body)
    {
        if (++depth > MaxDepth)
        {
            throw ChatTemplateException.TooMuch($"calls macros {MaxDepth} deep");
        }

        try
        {
            return body();
        }
        finally
        {
            depth--;
        }
    }
}

/// <summary>The variables that are known at a place of a template.</summary>
internal sealed class JinjaScope(JinjaScope? outer, JinjaBudget budget)
{
    private readonly Dictionary<string, object?> variables = new(StringComparer.Ordinal);

    public JinjaBudget Budget => budget;

    public JinjaScope Inner() => new(this, budget);

    public object? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
            {
                if (scope.variables.TryGetValue(name, out var value))
                {
                    return value;
                }
            }

            return JinjaFunctions.Find(name, budget) ?? (object)JinjaUndefined.Of(name);
        }
        set => variables[name] = value;
    }

    private JinjaScope? Outer => outer;
}
