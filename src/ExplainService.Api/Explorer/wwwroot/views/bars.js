// The strongest units as signed bars from a common zero.

import { h, isolated } from "../dom.js";
import { decimals, fixed, largest } from "../numbers.js";

const SHOWN = 12;

/** A bar chart of [{ text, score, standard_error? }]. */
export function bars(units, { title = "Strongest first", top = SHOWN } = {}) {
  const strongest = [...units].sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, top);
  const most = largest(strongest.map(unit => Math.abs(unit.score) + (unit.standard_error ?? 0))) || 1;
  const digits = decimals(largest(strongest.map(unit => unit.score))) + 1;
  const negative = strongest.some(unit => unit.score < 0);
  return h("figure", { class: "chart" },
    h("figcaption", null, title, units.length > top ? ` (${top} of ${units.length})` : ""),
    h("ol", { class: negative ? "bars" : "bars one-sided" }, strongest.map(unit => h("li", null,
      h("span", { class: "bar-name" }, isolated(unit.text)),
      h("span", { class: "bar-track", "aria-hidden": "true" },
        h("span", { class: "bar-fill " + (unit.score < 0 ? "neg" : "pos"), vars: { size: 100 * Math.abs(unit.score) / most + "%" } }),
        unit.standard_error ? h("span", { class: "whisker " + (unit.score < 0 ? "neg" : "pos"), vars: whisker(unit, most) }) : null),
      h("span", { class: "bar-value" }, fixed(unit.score, digits), unit.standard_error ? h("small", null, ` ± ${unit.standard_error.toFixed(digits)}`) : null)))));
}

const whisker = (unit, most) => ({
  from: 100 * Math.max(0, Math.abs(unit.score) - unit.standard_error) / most + "%",
  size: 100 * Math.min(2 * unit.standard_error, Math.abs(unit.score) + unit.standard_error) / most + "%",
});
