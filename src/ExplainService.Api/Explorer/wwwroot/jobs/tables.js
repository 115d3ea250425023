// Tables of what jobs have found.

import { h, isolated } from "../dom.js";
import { number, signed } from "../numbers.js";

/** A table in a scrolling figure; rows are lists of cells, the first of which names them. */
export const table = (caption, heads, rows) => h("figure", { class: "chart" },
  h("figcaption", null, caption),
  h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { class: "compare" },
      h("thead", null, h("tr", null, heads.map(head => h("th", { scope: "col" }, head)))),
      h("tbody", null, rows.map(([name, ...cells]) => h("tr", null, h("th", { scope: "row" }, isolated(name)), cells.map(cell => cell instanceof Node ? cell : h("td", null, cell))))))));

/** A score as a cell in its colour. */
export const scoreCell = (value, most) => value === undefined || value === null ? h("td", { class: "nil" }, "–")
  : h("td", { class: value > 0 ? "pos" : value < 0 ? "neg" : "nil", vars: { a: most ? Math.round(100 * Math.abs(value) / most) : 0 }, data: { value } }, signed(value));

/** An interval; nothing where there is none. */
export const between = (low, high) => low === undefined || low === null ? "" : `${number(low)} to ${number(high)}`;
