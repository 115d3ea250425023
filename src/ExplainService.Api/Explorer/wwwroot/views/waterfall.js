// From the base value to the prediction, one unit a step.

import { h, isolated } from "../dom.js";
import { decimals, fixed, largest, sum } from "../numbers.js";

const SHOWN = 14;

/** Units by strength; the weak ones beyond the limit as one step. */
function steps(units) {
  const sorted = [...units].sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const rest = sorted.slice(SHOWN);
  return rest.length > 1 ? [...sorted.slice(0, SHOWN), { text: `${rest.length} weaker units`, score: sum(rest.map(unit => unit.score)) }] : sorted;
}

/** A waterfall of an answer with `base_value`, `value` and `units`. */
export function waterfall({ units, base_value: base, value }) {
  let at = base;
  const rows = steps(units).map(unit => ({ ...unit, from: at, to: at += unit.score }));
  const ends = [base, value, ...rows.flatMap(row => [row.from, row.to])];
  // A little room on both sides for the whiskers.
  const extent = Math.max(...ends) - Math.min(...ends) || 1;
  const low = Math.min(...ends) - 0.03 * extent, span = 1.06 * extent;
  const place = x => 100 * (x - low) / span;
  const digits = decimals(largest(rows.map(step => step.score))) + 1;
  const plain = at => fixed(at, digits).replace("+", "");
  const row = (name, text, kind, from, to, error) => h("li", { class: kind },
    h("span", { class: "bar-name" }, name),
    h("span", { class: "fall-track", "aria-hidden": "true" },
      h("span", { class: "fall " + kind, vars: { from: Math.min(place(from), place(to)) + "%", size: Math.abs(place(to) - place(from)) + "%" } }),
      error ? h("span", { class: "fall-error", vars: { from: place(to - error) + "%", size: 100 * 2 * error / span + "%" } }) : null),
    h("span", { class: "bar-value" }, text, error ? h("small", null, ` ± ${error.toFixed(digits)}`) : null));
  return h("figure", { class: "chart" },
    h("figcaption", null, "Waterfall: from the score without any unit to the score of the text"),
    h("ol", { class: "bars falls" },
      row("nothing", plain(base), "total", base, base),
      rows.map(step => row(isolated(step.text), fixed(step.score, digits), step.score < 0 ? "neg" : "pos", step.from, step.to, step.standard_error)),
      row("the text", plain(value), "total", value, value)));
}
