// Every head of every layer by what the target loses without it; one that is pressed is off.

import { h, isolated } from "../dom.js";
import { number, scaleOf, signed } from "../numbers.js";
import { roving } from "../roving.js";
import { readout } from "./readout.js";

/** Less than a third on one kind of token is no habit. */
const NOTICEABLE = 1 / 3;

const FAINTEST = 0.05;

const kinds = {
  previous: "the token before", next: "the token behind", same: "the token itself", first: "the first token", separators: "separators",
  copies: "earlier copies of the token", induction: "what followed earlier copies",
};

function looksAt(types) {
  const [kind, share] = Object.keys(kinds).map(name => [name, types[name]]).reduce((most, one) => one[1] > most[1] ? one : most);
  return share >= NOTICEABLE ? `${Math.round(100 * share)} % of its attention on ${kinds[kind]}` : "its attention is spread out";
}

/**
 * @param chosen { layer, head } that is off; null: none.
 * @param choose called with the layer and head that were pressed; with nothing for the one that is off.
 */
export function ablation(answer, chosen, choose) {
  const { heads, head_layers: layers, value, target, objective } = answer;
  const most = scaleOf(heads.flat().map(head => head.score), answer);
  const name = (layer, head) => `Layer ${layer}, head ${head}`;
  const cell = (place, head) => {
    const { score, types } = heads[place][head];
    const share = Math.abs(score) / most;
    const off = chosen && layers[place] === chosen.layer && head === chosen.head;
    return h("button", {
      type: "button", class: ["head drop", share < FAINTEST ? "nil" : score > 0 ? "pos" : "neg"].join(" "), "aria-label": `${name(layers[place], head)}: ${signed(score)}${off ? ", off" : ""}`,
      "aria-pressed": String(Boolean(off)), "aria-current": off ? "true" : undefined, vars: { a: Math.round(100 * Math.min(1, share)) },
      data: { key: `drop:${layers[place]}.${head}`, layer: layers[place], head, score, looks: looksAt(types) },
    });
  };
  const line = readout("Move over a head for what is lost without it; press it to switch it off, and again to switch it on.");
  const grid = h("div", { class: "head-grid", role: "group", "aria-label": "Layers and heads", vars: { heads: heads[0].length } },
    h("span", { class: "corner" }), heads[0].map((_, head) => h("span", { class: "head-name" }, head)),
    layers.map((layer, place) => [h("span", { class: "layer-name" }, layer), heads[place].map((_, head) => cell(place, head))]));
  grid.addEventListener("click", event => {
    const button = event.target.closest(".head");
    if (button?.getAttribute("aria-pressed") === "true") choose("", "");
    else if (button) choose(button.dataset.layer, button.dataset.head);
  });
  roving(grid, ".head", { columns: heads[0].length });
  line.watch(grid, ".head", ({ dataset }) => [isolated(name(dataset.layer, dataset.head)), ` ${signed(Number(dataset.score), 4)} · ${dataset.looks}`]);
  const off = chosen && heads[layers.indexOf(chosen.layer)]?.[chosen.head];
  const what = [(objective ?? "score").replace("_", " "), target?.label ? [" of \u201C", isolated(target.label), "\u201D"] : null];
  return h("figure", { class: "chart heads ablated", vars: { heads: Math.min(heads[0].length, 16) } },
    h("figcaption", null, "Layers (down) × heads (across): what is lost without each"),
    h("p", { class: "legend" }, h("span", { class: "key word neg", vars: { a: 100 } }, signed(-most)), " rises without it ", h("span", { class: "key word pos", vars: { a: 100 } }, signed(most)), " falls without it"),
    h("div", { class: "scroll" }, grid), line.element,
    h("p", { class: "switched", role: "status" }, off
      ? [h("strong", null, name(chosen.layer, chosen.head)), " is off: the ", what, " is ", h("strong", { data: { value: value - off.score } }, number(value - off.score)),
        off.score === 0 ? " as it was" : ` instead of ${number(value)}`, ` · ${looksAt(off.types)}`]
      : ["With every head on the ", what, " is ", h("strong", { data: { value } }, number(value)), "."]));
}
