// Weights between tokens as a picture: rows are queries, columns are keys. One pixel a weight, scaled up without smoothing.

import { h, isolated } from "../dom.js";
import { number } from "../numbers.js";

const LABELS_UP_TO = 32;
const LABELS_ON_A_PHONE = 16;
// Dark enough on white and light enough on black: the opacity carries the weight, so both themes share the picture.
const INK = [38, 116, 214];

/** Draws weights[query][key] into a canvas. */
export function paint(canvas, weights, most) {
  const rows = weights.length, columns = weights[0]?.length ?? 0;
  canvas.width = columns;
  canvas.height = rows;
  const pixels = new ImageData(Math.max(1, columns), Math.max(1, rows));
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at += 4) {
      pixels.data[at] = INK[0];
      pixels.data[at + 1] = INK[1];
      pixels.data[at + 2] = INK[2];
      pixels.data[at + 3] = 255 * Math.min(1, Math.max(0, weights[row][column] / most));
    }
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
}

export const strongest = weights => weights.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0) || 1;

/**
 * A heat map with names on both sides.
 * @param reached called with (row, column) under the pointer; column is undefined on a row's name.
 * @returns { element, mark(row) }
 */
export function heatmap(weights, rows, columns, { caption, reached }) {
  const canvas = paint(h("canvas", { role: "img", "aria-label": caption }), weights, strongest(weights));
  const cursor = h("span", { class: "heat-row", "aria-hidden": "true" });
  const frame = h("div", { class: "heat-frame" }, canvas, cursor);
  frame.addEventListener("pointermove", event => {
    const box = canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / box.height * rows.length);
    const column = Math.floor((event.clientX - box.left) / box.width * columns.length);
    if (row >= 0 && row < rows.length && column >= 0 && column < columns.length) reached(row, column);
  });
  const labelled = Math.max(rows.length, columns.length) <= (window.innerWidth < 600 ? LABELS_ON_A_PHONE : LABELS_UP_TO);
  const names = (list, kind) => h("div", { class: kind, "aria-hidden": "true" }, list.map(name => h("span", null, isolated(name))));
  return {
    element: h("figure", { class: "chart heat" },
      h("figcaption", null, caption),
      h("div", { class: labelled ? "heat-grid labelled" : "heat-grid", vars: { rows: rows.length, columns: columns.length } },
        labelled ? [names(columns, "heat-columns"), names(rows, "heat-rows")] : null, frame),
      h("p", { class: "facts" }, `rows look, columns are looked at · darkest ${number(strongest(weights))}`)),
    mark(row) {
      cursor.style.setProperty("--row", row);
    },
  };
}
