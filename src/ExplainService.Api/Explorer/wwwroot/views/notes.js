// What an answer says about itself: its cost, and what a reader must know to read the numbers right.

import { h } from "../dom.js";
import { milliseconds } from "../numbers.js";

export function notes(answer, ...more) {
  const facts = [
    answer.algorithm ? `${answer.algorithm} algorithm` : null,
    answer.replacement ? `replaced by ${answer.replacement}` : null,
    answer.evaluations === undefined ? null : `${answer.evaluations} evaluations`,
    answer.elapsed_ms === undefined ? null : milliseconds(answer.elapsed_ms),
    ...more,
  ].filter(Boolean);
  return [
    h("p", { class: "facts" }, facts.join(" · ")),
    answer.warnings?.length ? h("ul", { class: "warnings" }, answer.warnings.map(warning => h("li", null, warning))) : null,
  ];
}
