// The text in the colours of the factors of its activations; each factor has a number besides its colour.

import { h, isolated } from "../dom.js";
import { number } from "../numbers.js";
import { sent } from "../state.js";
import { direction, nameOf } from "../text.js";
import { placed } from "./stage.js";

const FAINTEST = 0.05;
const NEURONS = 6;
const NAMED = 6;

/** The factors of an answer. */
export function factors({ factors: all, tokens }) {
  const load = (factor, token) => all[factor].tokens[token.index];
  const inText = placed(tokens.filter(token => !token.special));
  const best = token => all.reduce((most, _, factor) => load(factor, token) > load(most, token) ? factor : most, 0);
  const most = Math.max(...inText.map(token => load(best(token), token)), 0) || 1;
  const sides = ["text", "pair"].filter(side => inText.some(token => token.side === side));
  const paragraph = side => {
    const { text } = sent(side);
    let at = 0, before = -1;
    return h("p", { class: "stage-text", dir: direction(text) }, tokens.filter(token => !token.special && (token.in ?? "text") === side && token.end > token.start).map(token => {
      const between = text.slice(at, token.start);
      at = token.end;
      const factor = best(token), share = load(factor, token) / most;
      // Once where a run of one factor begins: between letters that join it would tear a word apart.
      const numbered = share >= FAINTEST && factor !== before;
      before = share >= FAINTEST ? factor : -1;
      return [between, h("span", {
        class: "factor", title: `factor ${factor + 1}: ${number(load(factor, token), 2)}`, vars: { a: Math.round(100 * share), tint: `var(--factor-${factor})` },
      }, text.slice(token.start, token.end), numbered ? h("sub", { "aria-hidden": "true" }, factor + 1) : null)];
    }), text.slice(at));
  };
  return h("figure", { class: "chart" },
    h("figcaption", null, "Factors: each token in the colour of the one that is strongest at it"),
    sides.map(paragraph),
    h("ol", { class: "factors" }, all.map((factor, index) => h("li", null,
      h("span", { class: "factor key", vars: { a: 100, tint: `var(--factor-${index})` } }, index + 1),
      h("span", null, "at ", names(tokens, factor).map((name, place) => [place ? ", " : "", isolated(name)]),
        h("small", { class: "facts" }, factor.neurons.slice(0, NEURONS).map(neuron => ` layer ${neuron.layer} neuron ${neuron.neuron} (${number(neuron.weight, 2)})`).join(" ·")))))));
}

const names = (tokens, factor) => [...new Set(tokens.filter(token => factor.tokens[token.index] > 0).sort((a, b) => factor.tokens[b.index] - factor.tokens[a.index]).map(token => nameOf(token).trim()))].slice(0, NAMED);
