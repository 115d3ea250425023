// What an answer says about itself: its cost, and what a reader must know to read the numbers right.

import { h } from "../dom.js";
import { largest, milliseconds, number } from "../numbers.js";

/** How sure an answer is of its scores: what every view of them says. */
export const certainty = answer => [
  largestError(answer) > 0 ? `largest standard error ${number(largestError(answer))}` : null,
  answer.r2 === undefined ? null : `R² of the surrogate ${number(answer.r2)}`,
  answer.completeness_error === undefined ? null : `completeness error ${number(answer.completeness_error)}`,
].filter(Boolean);

const largestError = answer => largest((answer.units ?? []).map(unit => unit.standard_error ?? 0));

export const warningList = warnings => warnings?.length ? h("ul", { class: "warnings" }, warnings.map(warning => h("li", null, warning))) : null;

export function notes(answer, ...more) {
  const facts = [
    answer.algorithm ? `${answer.algorithm} algorithm` : null,
    answer.replacement ? `replaced by ${answer.replacement}` : null,
    answer.evaluations === undefined ? null : `${answer.evaluations} evaluations`,
    answer.elapsed_ms === undefined ? null : milliseconds(answer.elapsed_ms),
    ...certainty(answer), ...more,
  ].filter(Boolean);
  return [
    h("p", { class: "facts" }, facts.join(" · ")),
    warningList(answer.warnings),
  ];
}
