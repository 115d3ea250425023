// What all results of a job say together.

import { h } from "../dom.js";
import { largest, number, percent, signed } from "../numbers.js";
import { warningList } from "../views/notes.js";
import { findings } from "./findings.js";
import { count } from "./progress.js";
import { between, scoreCell, table } from "./tables.js";

/** Figures of how well the model does: as the summary calls them, as people do, and how they are written. */
export const figures = [
  ["accuracy", "Accuracy", percent], ["macro_f1", "Macro F1", number], ["log_loss", "Log loss", number], ["mean_probability", "Mean probability of the label", percent],
  ["expected_calibration_error", "Calibration error", number],
];

function predictions(summary) {
  if (!summary.predictions.length) return null;
  return table("Predictions", ["Label", "Rows", "Share", "Mean probability"],
    summary.predictions.map(({ label, rows, share, mean_probability: mean }) => [label, count(rows), percent(share), mean === undefined ? "–" : percent(mean)]));
}

function performanceTable(performance) {
  if (!performance) return null;
  return table(`Performance over ${count(performance.rows)} rows with labels`, ["Figure", "Value"], figures.map(([field, label, write]) => [label, write(performance[field])]));
}

function slices(list, labels) {
  if (!list?.length) return null;
  const written = (value, write) => value === undefined ? "–" : write(value);
  return table("Groups of rows, by their column", ["Value", "Rows", "Accuracy", "Macro F1", ...labels.map(label => `Predicted ${label}`)], list.map(slice => [
    slice.value ?? "(others)", count(slice.rows), written(slice.accuracy, percent), written(slice.macro_f1, number),
    ...labels.map(label => percent(slice.predictions.find(one => one.label === label)?.share ?? 0)),
  ]));
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
    slices(summary.slices, summary.predictions.slice(0, 4).map(({ label }) => label)),
    ...findings(summary), features(summary.features),
    h("div", { class: "columns" }, words(summary.words)),
  ].filter(Boolean);
}
