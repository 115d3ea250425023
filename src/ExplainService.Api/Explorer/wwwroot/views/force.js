// What pushes the score up from the left against what pushes it down from the right.

import { h } from "../dom.js";
import { number, signed, sum } from "../numbers.js";

const WIDE_ENOUGH_FOR_A_NAME = 8;
const SHOWN = 40;

/** The strongest of one direction, strongest last, and before them the others as one: hundreds of slivers would be nothing but borders. */
function pushes(units) {
  const sorted = [...units].sort((a, b) => Math.abs(a.score) - Math.abs(b.score));
  const weak = sorted.slice(0, Math.max(0, sorted.length - SHOWN));
  return weak.length > 1 ? [{ text: `${weak.length} weaker units`, score: sum(weak.map(unit => unit.score)) }, ...sorted.slice(weak.length)] : sorted;
}

/** A force plot of an answer with `base_value`, `value` and `units`. */
export function force({ units, base_value: base, value }) {
  const up = pushes(units.filter(unit => unit.score > 0)), down = pushes(units.filter(unit => unit.score < 0)).reverse();
  const raised = sum(up.map(unit => unit.score)), lowered = -sum(down.map(unit => unit.score));
  // An estimate may not add up: the ends are where the pushes start, and both marks are always within.
  const low = Math.min(base, value - raised), high = Math.max(base, value + lowered);
  const span = high - low || 1;
  const share = x => 100 * (x - low) / span;
  const segment = unit => {
    const width = 100 * Math.abs(unit.score) / span;
    return h("span", { class: "push " + (unit.score < 0 ? "neg" : "pos"), title: `${unit.text} ${signed(unit.score, 4)}`, vars: { size: width + "%" } },
      width > WIDE_ENOUGH_FOR_A_NAME ? h("bdi", null, unit.text) : null);
  };
  const spoken = `From ${number(base)} to ${number(value)}: ${number(raised)} up, ${number(lowered)} down.`;
  const mark = (x, name, kind) => h("span", { class: "force-mark " + kind, vars: { at: share(x) + "%" } }, h("span", null, `${name} ${number(x)}`));
  return h("figure", { class: "chart" },
    h("figcaption", null, "Force: what pushes up (from the left) against what pushes down (from the right)"),
    h("div", { class: "force", role: "img", "aria-label": spoken },
      mark(value, "the text", "top"),
      h("div", { class: "pushes" }, h("span", { class: "before", vars: { size: share(value - raised) + "%" } }), up.map(segment), down.map(segment)),
      mark(base, "nothing", "bottom")));
}
