// What all results of a job say together.

import { h, isolated } from "../dom.js";
import { largest, number, percent, signed } from "../numbers.js";
import { warningList } from "../views/notes.js";
import { count } from "./progress.js";

/** Figures of how well the model does: as the summary calls them, as people do, and whether more is better. */
export const figures = [
  ["accuracy", "Accuracy", percent], ["macro_f1", "Macro F1", number], ["log_loss", "Log loss", number], ["mean_probability", "Mean probability of the label", percent],
  ["expected_calibration_error", "Calibration error", number],
];

/** A table in a scrolling figure; rows are lists of cells, the first of which names them. */
export const table = (caption, heads, rows) => h("figure", { class: "chart" },
  h("figcaption", null, caption),
  h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "compare" },
      h("thead", null, h("tr", null, heads.map(head => h("th", { scope: "col" }, head)))),
      h("tbody", null, rows.map(([name, ...cells]) => h("tr", null, h("th", { scope: "row" }, isolated(name)), cells.map(cell => cell instanceof Node ? cell : h("td", null, cell))))))));

/** A score as a cell in its colour. */
export const scoreCell = (value, most, more) => value === undefined || value === null ? h("td", { class: "nil" }, "–")
  : h("td", { class: value > 0 ? "pos" : value < 0 ? "neg" : "nil", vars: { a: most ? Math.round(100 * Math.abs(value) / most) : 0 }, data: { value } }, signed(value), more ? h("small", null, ` ${more}`) : null);

const between = (low, high) => low === undefined || low === null ? "" : `${number(low)} to ${number(high)}`;

function predictions(summary) {
  if (!summary.predictions.length) return null;
  return table("Predictions", ["Label", "Rows", "Share", "Mean probability"],
    summary.predictions.map(({ label, rows, share, mean_probability: mean }) => [label, count(rows), percent(share), mean === undefined ? "–" : percent(mean)]));
}

function performanceTable(performance) {
  if (!performance) return null;
  return table(`Performance over ${count(performance.rows)} rows with labels`, ["Figure", "Value"], figures.map(([field, label, write]) => [label, write(performance[field])]));
}

function words(lists) {
  return (lists ?? []).map(({ label, rows, words: own }) => {
    const most = largest(own.map(({ mean }) => mean));
    return table(`Words for and against “${label}” (${count(rows)} rows)`, ["Word", "Mean score", "95 %", "Rows"],
      own.map(({ word, mean, low, high, documents }) => [word, scoreCell(mean, most), between(low, high), count(documents)]));
  });
}

function features(list) {
  if (!list?.length) return null;
  const of = (drops, field) => drops?.[field];
  const most = largest(list.map(({ exclusion }) => exclusion.mean_probability.value));
  return table("What is lost without a word", ["Word", "Mean probability", "95 %", "Accuracy", "By permutation", "Rows"], list.map(({ feature, documents, exclusion, permutation }) => [
    feature, scoreCell(exclusion.mean_probability.value, most), between(exclusion.mean_probability.low, exclusion.mean_probability.high),
    signed(exclusion.accuracy.value), of(permutation, "mean_probability") ? signed(permutation.mean_probability.value) : "–", count(documents),
  ]));
}

function surrogate(found) {
  if (!found) return null;
  const models = [["Logistic model", found.logistic?.fidelity], ["Tree", found.tree?.fidelity]].filter(([, fidelity]) => fidelity);
  return table("Simple models beside the model, on rows that they were not taught", ["", "Same label", "R² of the log-odds", "Macro F1"], [
    ...models.map(([name, { agreement, r2, macro_f1: f1 }]) => [name, percent(agreement), number(r2), number(f1)]),
    ...found.majority ? [["The most frequent label", percent(found.majority.agreement ?? found.majority), "–", "–"]] : [],
  ]);
}

/** Nodes: what there is of it. */
export function summaryView(summary) {
  return [
    h("p", { class: "facts" }, `${count(summary.answered)} rows answered`, summary.failed ? `, ${count(summary.failed)} with a problem` : ""),
    warningList(summary.warnings),
    h("div", { class: "columns" }, predictions(summary), performanceTable(summary.performance), surrogate(summary.surrogate)),
    features(summary.features),
    h("div", { class: "columns" }, words(summary.words)),
  ].filter(Boolean);
}
