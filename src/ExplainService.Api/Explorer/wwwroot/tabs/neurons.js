// Which neurons are strong at which tokens, which fire together, what raises them.

import { h, isolated } from "../dom.js";
import { largest, number, signed } from "../numbers.js";
import { readsPictures } from "../picture.js";
import { compose } from "../request.js";
import { changeOptions, state } from "../state.js";
import { nameOf } from "../text.js";
import { choice } from "../views/choice.js";
import { factors } from "../views/factors.js";
import { notes } from "../views/notes.js";
import { stage } from "../views/stage.js";

const LISTED = 6;

/** Sentences of a field of text: a line, or a sentence, is a text of the corpus. */
const textsOf = corpus => corpus.split(/\n|(?<=[.!?])\s+/u).map(text => text.trim()).filter(Boolean);

export const neurons = {
  id: "neurons",
  pictures: ({ factors: count, corpus }) => [...count ? ["factors"] : [], ...corpus ? ["meanings"] : [], "activation"],
  fields: model => [
    {
      name: "by", label: "Strongest by", kind: "select", initial: "activation", feature: choice => "neurons." + choice,
      choices: [["activation", "Activation"], ["cp_lrp", "Relevance for the target (CP-LRP)"], ["gradient_x_activation", "Gradient × activation"]],
    },
    { name: "factors", label: "Factors", kind: "number", min: 1, max: 8, placeholder: "none", help: "Splits the activations into so many groups of neurons that fire together" },
    ...readsPictures(model) ? [] : [{ name: "corpus", label: "Corpus", kind: "text", placeholder: "none", help: "Texts, one a sentence, in which the meaning of the chosen neuron is looked for" }],
  ],
  features: values => "neurons." + values.by,
  async *steps({ by, factors: count, corpus }, context) {
    const ask = own => {
      const request = compose("/neurons", { by: by === "activation" ? undefined : by, ...own }, context.model());
      delete request.body.granularity;
      return request;
    };
    const first = ask({ top_k: LISTED, factors: count });
    const listed = await context.ask(first);
    const chosen = chosenOf(listed, context.model());
    if (!corpus && same(listed.activations, chosen)) {
      yield { requests: [first], answers: [listed], answer: listed, listed, chosen };
      return;
    }
    // A picture of the chosen neuron is of its own request; that of the factors of the first.
    const second = ask({ top_k: LISTED, neurons: [chosen], corpus: corpus ? textsOf(corpus) : undefined });
    const answer = await context.ask(second);
    yield {
      requests: count ? [{ ...first, views: ["factors"] }, { ...second, views: ["meanings", "activation"] }] : [second],
      answers: count ? [listed, answer] : [answer], answer, listed, chosen, meaning: answer.meanings?.[0],
    };
  },
  view: ({ answer, listed, chosen, meaning }, { corpus }) => [
    table(listed, chosen),
    over(answer, chosen),
    meaning ? meaningView(meaning, textsOf(corpus)) : null,
    listed.factors?.length ? factors(listed) : null,
    notes(answer),
  ],
};

/** The neuron that was pressed, if the model has it; else the strongest of the text in the last layer. */
function chosenOf({ activations }, model) {
  const [layer, neuron] = (state.options.neurons?.neuron ?? "").split(".").map(Number);
  const { layer: last, neuron: strongest } = activations.at(-1);
  return Number.isInteger(layer) && layer >= 0 && layer <= last && Number.isInteger(neuron) && neuron >= 0 && neuron < model.limits.neurons ? { layer, neuron } : { layer: last, neuron: strongest };
}

const same = (activations, { layer, neuron }) => activations.some(one => one.layer === layer && one.neuron === neuron);

const choose = value => changeOptions("neurons", { neuron: value });

/** The strongest neurons of every layer, to choose from. */
function table({ layers, activations, tokens }, chosen) {
  const value = ({ layer, neuron }) => `${layer}.${neuron}`;
  return h("figure", { class: "chart" },
    h("figcaption", null, "The strongest of each layer, each with the token where it is: choose one"),
    layers.map(({ layer, neurons: list }) => {
      // What is strongest in the text may be beside what is strongest at special tokens.
      const ofText = activations.filter(one => one.layer === layer && !list.some(other => other.neuron === one.neuron))
        .map(one => ({ neuron: one.neuron, token: strongest(one, tokens), activation: one.tokens[strongest(one, tokens)] }));
      return choice(`Layer ${layer}`, [...ofText, ...list].map(one => [value({ layer, ...one }), String(one.neuron), `${nameOf(tokens[one.token])} ${number(one.score ?? one.activation, 2)}`]), value(chosen), choose);
    }));
}

const strongest = (one, tokens) => tokens.filter(token => !token.special).reduce((best, token) => Math.abs(one.tokens[token.index]) > Math.abs(one.tokens[best]) ? token.index : best, tokens.find(token => !token.special)?.index ?? 0);

/** The text by the activation of one neuron. */
function over({ tokens, activations }, { layer, neuron }) {
  const values = activations.find(one => one.layer === layer && one.neuron === neuron).tokens;
  const inText = tokens.filter(token => !token.special);
  const special = tokens.filter(token => token.special).map(token => `${token.token} ${number(values[token.index], 2)}`).slice(0, 4);
  return [
    h("h3", null, `Layer ${layer}, neuron ${neuron}`),
    stage(inText.map(token => ({ ...token, score: values[token.index] })), {
      legend: { toward: "the neuron is active", away: "it is below zero" }, most: largest(inText.map(token => values[token.index])) || 1,
    }),
    special.length ? h("p", { class: "facts" }, "Outside the text: " + special.join(" · ")) : null,
  ];
}

/** What raises the neuron in the corpus. */
function meaningView({ examples, words, labels }, texts) {
  const raising = words.filter(word => word.with > word.without);
  const marked = ({ sentence, token, text, start }) => {
    const at = start - texts[text].lastIndexOf(sentence, start);
    return [sentence.slice(0, at), h("strong", null, token), sentence.slice(at + token.length)];
  };
  return h("figure", { class: "chart meaning" },
    h("figcaption", null, "What raises it in the corpus"),
    labels.length ? h("p", null, "Goes with the logit of ", labels.map(({ label, correlation }, place) => [place ? ", " : "", isolated(label), ` ${signed(correlation, 2)}`]), " (correlation)") : null,
    h("p", null, raising.length ? ["Raised by ", raising.map((word, place) => [place ? ", " : "", isolated(word.word), ` ${number(word.with, 2)} (elsewhere ${number(word.without, 2)})`])] : "No word stands in it at least five times and raises the neuron."),
    h("ol", { class: "windows" }, examples.map(example => h("li", null, h("bdi", null, marked(example)), h("span", { class: "bar-value" }, number(example.activation, 2))))));
}
