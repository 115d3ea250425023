// What the model says of the text, beside what it says of the whole text when words are removed.

import { h, isolated } from "./dom.js";
import { milliseconds, number, percent, signed } from "./numbers.js";
import { warningList } from "./views/notes.js";

const SHOWN = 5;

/** Nodes for an answer of /predict; `whole` is the answer for the text without removals, where it is another. */
export function predictionView(answer, whole, took) {
  const { prediction } = answer;
  return [headline(answer, whole), labels(prediction, whole?.prediction), spans(prediction), tokens(answer), warningList(answer.warnings), h("p", { class: "facts took" }, took < 0.5 ? "known from before" : `answered in ${milliseconds(took)}`)];
}

function headline({ prediction }, whole) {
  const before = whole?.prediction;
  if (prediction.value !== undefined) {
    return h("p", { class: "verdict" }, h("strong", null, number(prediction.value)), before ? h("span", { class: "delta" }, ` ${signed(prediction.value - before.value)} by removing`) : null);
  }
  if (prediction.similarity !== undefined) {
    return h("p", { class: "verdict" }, "similarity ", h("strong", null, number(prediction.similarity)), before?.similarity === undefined ? null : h("span", { class: "delta" }, ` ${signed(prediction.similarity - before.similarity)} by removing`));
  }
  if (prediction.text !== undefined) {
    // Beside a generated text the label and its probability are the first token's alone.
    return h("p", { class: "verdict text" }, h("strong", null, isolated(prediction.text.trim() || "(nothing)")),
      prediction.label !== undefined || prediction.probability === undefined ? null : h("span", { class: "probability" }, percent(prediction.probability)));
  }
  if (prediction.label === undefined) return null;
  const change = before?.label === undefined ? null
    : before.label === prediction.label ? `${signed(100 * (prediction.probability - before.probability), 1)} points by removing` : `was ${before.label} (${percent(before.probability)})`;
  return h("p", { class: "verdict" },
    h("strong", { data: { label: prediction.label } }, isolated(prediction.label)),
    prediction.probability === undefined ? null : h("span", { class: "probability", data: { value: prediction.probability } }, percent(prediction.probability)),
    h("span", { class: "delta" }, change));
}

function labels({ labels: all = [], text }, before) {
  if (!all.length || all[0].probability === undefined || all[0].probability === null) return null;
  // Few classes keep their places, so that bars can be followed; of many the strongest are shown.
  const shown = all.length <= SHOWN ? all : [...all].sort((a, b) => b.probability - a.probability).slice(0, SHOWN);
  const was = index => before?.labels?.find(label => label.index === index)?.probability;
  return [text === undefined ? null : h("h3", null, "First token"), h("ul", { class: "labels" }, shown.map(label => h("li", null,
    h("span", { class: "bar-name" }, isolated(spaced(label.label))),
    h("span", { class: "bar-track", "aria-hidden": "true" },
      h("span", { class: "bar-fill plain", vars: { size: 100 * label.probability + "%" } }),
      was(label.index) === undefined ? null : h("span", { class: "was", vars: { at: 100 * was(label.index) + "%" } })),
    h("span", { class: "bar-value" }, percent(label.probability)))))];
}

/** Vocabularies write a leading space as a letter of their own. */
const spaced = label => label.replace(/^[\u0120\u2581](?=.)/u, "\u2423");

function spans({ spans: all }) {
  return all?.length > 1 ? h("ul", { class: "labels" }, all.slice(0, SHOWN).map(span => h("li", null,
    h("span", { class: "bar-name" }, isolated(span.text)),
    h("span", { class: "bar-track", "aria-hidden": "true" }, h("span", { class: "bar-fill plain", vars: { size: 100 * span.probability + "%" } })),
    h("span", { class: "bar-value" }, percent(span.probability))))) : null;
}

function tokens({ prediction, tokens: all }) {
  if (!prediction.tokens) return null;
  const outside = label => label === "O";
  return h("p", { class: "tagged" }, prediction.tokens.filter(item => !all[item.token]?.special).map(item => [
    h("span", { class: outside(item.label) ? "tag" : "tag named", title: `${item.label} ${percent(item.probability)}` },
      isolated(all[item.token]?.text ?? ""), outside(item.label) ? null : h("small", null, item.label)), " "]));
}
