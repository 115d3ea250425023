using Microsoft.Playwright;

namespace ExplainService.Explorer.Tests;

/// <summary>A control that is back at its default is as if it had never been touched.</summary>
[Collection(typeof(InBrowser))]
public sealed class ControlTests(BrowserFixture browser)
{
    /// <summary>
    /// Takes every control below a place to each of its values and back, those that come with a value too. What a control does to the page
    /// is done at once; what it does to the service waits for a pause, which there is none of.
    /// </summary>
    private const string Walk = """
        async place => {
          const controls = () => [...document.querySelectorAll(place + " :is(select, input)")].filter(control => control.offsetParent);
          const named = name => controls().find(control => control.name === name);
          const values = control => control.type === "checkbox" ? [!control.checked]
            : control.tagName === "SELECT" ? [...control.options].filter(option => !option.disabled && !option.selected).map(option => option.value)
            : control.type === "number" ? ["3"] : ["a text"];
          const set = (name, value) => {
            const control = named(name);
            if (control.type === "checkbox") control.checked = value; else control.value = value;
            control.dispatchEvent(new Event(control.tagName === "SELECT" || control.type === "checkbox" ? "change" : "input", { bubbles: true }));
          };
          const shown = name => named(name).type === "checkbox" ? named(name).checked : named(name).value;
          const wrong = [], walked = new Set();
          const walk = (names, within, outer) => {
            for (const name of names) {
              const before = shown(name);
              for (const value of values(named(name))) {
                set(name, value);
                walked.add(name);
                if (shown(name) !== value) wrong.push(`${within}${name} shows ${shown(name)} for ${value}`);
                const known = [...outer, ...names];
                walk(controls().map(control => control.name).filter(other => !known.includes(other)), `${within}${name}=${value} > `, known);
                set(name, before);
                if (shown(name) !== before) wrong.push(`${within}${name} shows ${shown(name)} after ${value}, not ${before}`);
              }
            }
          };
          walk(controls().map(control => control.name), "", []);
          document.querySelector("[role=tabpanel]:not([hidden]) .view > *").dataset.old = "";
          return [[...walked].join(" "), ...wrong];
        }
        """;

    [Theory]
    [InlineData("saliency", "minilm-sst2", "method of norm baseline baseline_text steps quadrature tolerance samples noise")]
    [InlineData("attention", "minilm-sst2", "aggregate")]
    [InlineData("occlusion", "minilm-sst2", "replacement replacement_text window stride")]
    [InlineData("shapley", "minilm-sst2", "algorithm max_evaluations replacement replacement_text interactions live")]
    [InlineData("lime", "minilm-sst2", "samples features kernel_width alpha replacement replacement_text")]
    [InlineData("permutation", "minilm-sst2", "samples background")]
    [InlineData("layers", "minilm-sst2", "method baseline steps top_k")]
    [InlineData("neurons", "minilm-sst2", "by factors corpus")]
    [InlineData("counterfactual", "minilm-sst2", "method to count max_edits keep")]
    [InlineData("comparison", "minilm-sst2", "integrated_gradients occlusion shap")]
    [InlineData("generation", "gpt-reviews", "method")]
    public async Task A_control_that_is_back_where_it_was_leaves_no_trace(string tab, string model, string some)
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync(tab, "not bad", ("model", model), ("shapley.max_evaluations", "64"));
        await explorer.Panel.Locator(".view[aria-busy=false] .facts, .view[aria-busy=false] .compare").First.WaitForAsync();
        var before = await TakenAlongAsync(explorer);

        foreach (
            var (place, expected) in new[]
            {
                ("[role=tabpanel]:not([hidden]) .controls", some),
                ("#question", "objective granularity overflow seed"),
            }
        )
        {
            var walked = await explorer.Page.EvaluateAsync<string[]>(Walk, place);
            Assert.Empty(walked[1..]);
            Assert.Subset(walked[0].Split(' ').ToHashSet(), expected.Split(' ').ToHashSet());
            await Assertions.Expect(explorer.Panel.Locator("[data-old]")).ToHaveCountAsync(0);
        }

        await explorer.SettledAsync();
        Assert.Equal(before, await TakenAlongAsync(explorer));
        await Assertions.Expect(explorer.Panel.Locator(".problem")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Each_head_is_shown_again_after_their_mean()
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync("attention", "not bad");
        await explorer.Panel.Locator("[name=aggregate]").SelectOptionAsync("mean");
        await Assertions.Expect(explorer.Panel.Locator(".heat figcaption")).ToHaveTextAsync("Mean of the heads: weights");
        await explorer.Panel.Locator("[name=aggregate]").SelectOptionAsync("none");
        await Assertions.Expect(explorer.Panel.Locator(".heat figcaption")).ToHaveTextAsync("Layer 0, head 0: weights");
        Assert.Empty(explorer.Errors);
    }

    [Theory]
    [InlineData("attention", "attention.aggregate", "")]
    [InlineData("attention", "attention.aggregate", "constructor")]
    [InlineData("attention", "attention.kind", "cross")]
    [InlineData("saliency", "saliency.method", "toString")]
    [InlineData("shapley", "shapley.live", "maybe")]
    [InlineData("occlusion", "target.label", "99")]
    [InlineData("occlusion", "target.against_label", "99")]
    [InlineData("layers", "layers.method", "toString")]
    [InlineData("layers", "layers.layer", "99")]
    [InlineData("neurons", "neurons.neuron", "none")]
    [InlineData("occlusion", "objective", "none")]
    public async Task What_a_link_says_that_is_no_choice_is_the_default(string tab, string option, string value)
    {
        await using var explorer = await browser.NewPageAsync();
        await explorer.OpenTabAsync(tab, "not bad", (option, value));
        await explorer.Panel.Locator(".view[aria-busy=false] .facts").First.WaitForAsync();
        await Assertions.Expect(explorer.Page.Locator(".problem")).ToHaveCountAsync(0);
        Assert.Empty(explorer.Errors);
    }

    /// <summary>The requests of the view, and what its link says beside the text.</summary>
    private static async Task<string[]> TakenAlongAsync(ExplorerPage explorer)
    {
        var taken = new List<string>();
        foreach (var button in new[] { "Copy as curl", "Copy link" })
        {
            await explorer.Panel.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            await Assertions
                .Expect(explorer.Page.Locator("#toast"))
                .ToContainTextAsync(button == "Copy link" ? "Link copied" : "Command copied");
            taken.Add(await explorer.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        }

        return [.. taken];
    }
}
