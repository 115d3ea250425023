// What pushes the score up from the left against what pushes it down from the right.

import { h } from "../dom.js";
import { number, signed, sum } from "../numbers.js";

const WIDE_ENOUGH_FOR_A_NAME = 8;

/** A force plot of an answer with `base_value`, `value` and `units`. */
export function force({ units, base_value: base, value }) {
  const up = units.filter(unit => unit.score > 0).sort((a, b) => a.score - b.score);
  const down = units.filter(unit => unit.score < 0).sort((a, b) => a.score - b.score);
  const raised = sum(up.map(unit => unit.score)), lowered = -sum(down.map(unit => unit.score));
  const span = raised + lowered || 1;
  const low = value - raised;
  const place = x => 100 * Math.min(1, Math.max(0, (x - low) / span)) + "%";
  const segment = unit => {
    const width = 100 * Math.abs(unit.score) / span;
    return h("span", { class: "push " + (unit.score < 0 ? "neg" : "pos"), title: `${unit.text} ${signed(unit.score, 4)}`, vars: { size: width + "%" } },
      width > WIDE_ENOUGH_FOR_A_NAME ? h("bdi", null, unit.text) : null);
  };
  const spoken = `From ${number(base)} to ${number(value)}: ${number(raised)} up, ${number(lowered)} down.`;
  const mark = (x, name, kind) => h("span", { class: "force-mark " + kind, vars: { at: place(x) } }, h("span", null, `${name} ${number(x)}`));
  return h("figure", { class: "chart" },
    h("figcaption", null, "Force: what pushes up (from the left) against what pushes down (from the right)"),
    h("div", { class: "force", role: "img", "aria-label": spoken },
      mark(value, "the text", "top"),
      h("div", { class: "pushes" }, up.map(segment), down.map(segment)),
      mark(base, "nothing", "bottom")));
}
