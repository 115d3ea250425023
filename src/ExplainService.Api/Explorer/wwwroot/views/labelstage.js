// The words of a label that a picture is compared with, coloured by score. They are read, not pressed: the labels are there to be written.

import { h } from "../dom.js";
import { largest, signed } from "../numbers.js";

/** The coloured words; `legendOf` draws the legend. */
export function labelStage(units, { legend, most: given, legendOf }) {
  const most = given ?? Math.max(legend?.floor ?? 0, largest(units.map(unit => unit.score ?? 0)));
  const words = units.flatMap((unit, index) => [
    index && unit.start > units[index - 1].end ? " " : null,
    h("span", {
      class: ["word", unit.score > 0 ? "pos" : unit.score < 0 ? "neg" : "nil"].join(" "), title: signed(unit.score ?? 0, 4),
      vars: unit.score && most ? { a: Math.round(100 * Math.abs(unit.score) / most) } : undefined, data: { score: unit.score },
    }, unit.text),
  ]);
  return [legend && most ? legendOf(legend, most) : null, h("div", { class: "stage" }, h("p", { class: "stage-text" }, words.filter(Boolean)))];
}
