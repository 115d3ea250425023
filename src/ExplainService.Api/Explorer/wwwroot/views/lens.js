// What the model would have said after each layer, and from which on it says what it says.

import { h, isolated } from "../dom.js";
import { number } from "../numbers.js";

const CLASSES = 8;

/** Vocabularies write a leading space as a letter of their own. */
const plain = label => label.replace(/^[\u0120\u2581](?=.)/u, "");

/** The classes of a layer, strongest first; none where it has no probabilities. */
const ranked = ({ labels = [] }) => labels.filter(label => label.probability !== undefined).sort((a, b) => b.probability - a.probability);

/** The place of the layer from which on the strongest class is the last one's. */
function decided(layers) {
  const tops = layers.map(layer => layer[0]?.index);
  let place = tops.length - 1;
  while (place > 0 && tops[place - 1] === tops.at(-1)) place--;
  return place;
}

const depth = layer => layer === 0 ? "embeddings" : String(layer);

function sentence({ layer }, said) {
  return h("p", { class: "decision" }, layer === 0 ? "From the embeddings on " : ["Decided after layer ", h("strong", null, layer), ": from there on "],
    "\u201C", isolated(plain(said.label).trim() || said.label), "\u201D is the strongest.");
}

/** The table of an answer of `lens`. */
export function lens({ layers, objective }) {
  const lists = layers.map(ranked);
  const said = lists.at(-1)[0];
  const from = said ? decided(lists) : layers.length;
  const same = lists.every(list => list.length === lists[0].length && list.every(label => lists[0].some(other => other.index === label.index)));
  const byClass = said && same && lists[0].length <= CLASSES;
  const columns = said ? byClass ? lists.at(-1) : lists.at(-1).map(() => null) : [];
  const cells = list => byClass ? columns.map(({ index }) => list.find(label => label.index === index)) : list;
  const cell = (label, list) => h("td", { class: "pos" + (label === list[0] ? " winner" : ""), vars: { a: Math.round(100 * label.probability) }, data: { value: label.probability } },
    byClass ? null : [isolated(plain(label.label)), " "], h("span", { class: "bar-value" }, number(label.probability)));
  return [
    said ? sentence(layers[from], said) : null,
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "What the model would have said after each layer" },
      h("table", { class: "compare lens" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "After layer"), columns.map((label, place) => h("th", { scope: "col" }, label ? isolated(label.label) : String(place + 1))),
          h("th", { scope: "col" }, (objective ?? "score").replace("_", " ")))),
        h("tbody", null, layers.map((layer, place) => h("tr", { class: place === from ? "decided" : undefined },
          h("th", { scope: "row" }, depth(layer.layer)), cells(lists[place]).map(label => cell(label, lists[place])), h("td", null, number(layer.value))))))),
  ];
}
