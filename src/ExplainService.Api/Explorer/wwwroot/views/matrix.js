// Numbers between the units of one text: rows and columns are units.

import { h, isolated } from "../dom.js";
import { decimals, fixed, FLOOR, largest, number, signed } from "../numbers.js";

const NUMBERS_UP_TO = 12;

/** A table of values[row][column], coloured by sign and size. `names` head the rows, and the columns unless they have their own; null where a value is not defined. `most` is the value of the strongest colour. */
export function matrix(values, names, { caption, columns = names, most } = {}) {
  const strongest = largest(values.flat().map(value => value ?? 0));
  const scale = most ?? Math.max(strongest, FLOOR);
  const digits = decimals(strongest);
  const written = columns.length <= NUMBERS_UP_TO;
  const cell = (value, row, column) => {
    const self = columns === names && row === column;
    const text = value === null ? "" : fixed(value, digits);
    return h("td", {
      class: self ? "self" : value > 0 ? "pos" : value < 0 ? "neg" : "nil",
      title: self ? undefined : `${names[row]} × ${columns[column]}: ${value === null ? "not defined" : signed(value, 4)}`,
      data: { value: value ?? undefined },
      vars: self || !scale ? undefined : { a: Math.round(100 * Math.min(1, Math.abs(value ?? 0) / scale)) },
    }, self ? "" : h("span", { class: written ? undefined : "offscreen" }, text));
  };
  return h("figure", { class: "chart" },
    h("figcaption", null, caption),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      h("table", { class: written ? "matrix" : "matrix small" },
        h("thead", null, h("tr", null, h("td"), columns.map(name => h("th", { scope: "col" }, h("span", null, isolated(name)))))),
        h("tbody", null, values.map((row, index) => h("tr", null,
          h("th", { scope: "row" }, isolated(names[index])),
          row.map((value, column) => cell(value, index, column))))))),
    most === undefined ? h("p", { class: "facts" }, `largest ${number(strongest)}`) : null);
}
