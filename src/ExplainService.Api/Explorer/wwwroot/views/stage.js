// The text itself, coloured by score. Words are buttons: one press removes a word, another puts it back.

import { h, isolated } from "../dom.js";
import { largest, number, scaleOf, signed } from "../numbers.js";
import { current } from "../models.js";
import { explainsWords } from "../labels.js";
import { readsPictures } from "../picture.js";
import { roving } from "../roving.js";
import { of, sent, state, toggle } from "../state.js";
import { direction, merged, segments } from "../text.js";
import { labelStage } from "./labelstage.js";
import { pictureStage } from "./picturestage.js";
import { readout } from "./readout.js";

/** The text in pieces: units, removed ranges, and what stands between them. Units are [{ start, end }] of the original, in order. */
function pieces(text, units, removed) {
  const cuts = [...new Set([0, text.length, ...[...units, ...removed].flatMap(range => [range.start, range.end])])].sort((a, b) => a - b);
  let unit = 0, gone = 0;
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1];
    while (removed[gone]?.end <= start) gone++;
    while (units[unit]?.end <= start) unit++;
    const inside = range => range && range.start <= start && end <= range.end;
    if (inside(removed[gone])) return { start, end, removed: removed[gone] };
    return { start, end, unit: inside(units[unit]) ? units[unit] : null };
  });
}

function word(side, text, piece, most) {
  const { unit, removed } = piece;
  const range = removed ?? unit;
  const score = unit?.score;
  const spoken = removed ? `${text}, removed` : score === undefined ? text : `${text}, ${signed(score)}`;
  return h("span", {
    class: ["word", removed ? "gone" : score > 0 ? "pos" : score < 0 ? "neg" : "nil"].join(" "),
    role: "button", "aria-pressed": String(Boolean(removed)), "aria-label": spoken,
    vars: score && most ? { a: Math.round(100 * Math.abs(score) / most) } : undefined,
    data: { key: `${side}:${range.start}`, side, start: range.start, end: range.end, score, error: unit?.standard_error, note: unit?.note },
  }, text);
}

function paragraph(side, units, most) {
  const text = state[side];
  const removed = merged(of(side));
  const known = units.length ? units : segments(text).filter(part => !removed.some(range => range.start < part.end && part.start < range.end));
  return h("p", { class: "stage-text", dir: direction(text), data: { side } },
    pieces(text, known, removed).map(piece => {
      const part = text.slice(piece.start, piece.end);
      return piece.unit || piece.removed ? word(side, part, piece, most) : part;
    }));
}

/** Units of an answer, with their places in the text as typed. */
export function placed(units) {
  const sides = { text: sent("text"), pair: sent("pair") };
  return units.filter(unit => unit.end > unit.start).map(unit => {
    const side = unit.in === "pair" ? "pair" : "text";
    // Byte-level tokens begin with their space: the word is coloured, the space is not.
    const space = sides[side].text.slice(unit.start, unit.end).match(/^\s+(?=\S)/u)?.[0].length ?? 0;
    return { ...unit, side, ...sides[side].range({ start: unit.start + space, end: unit.end }) };
  });
}

/**
 * The coloured text with its legend.
 * @param units of the answer, [{ start, end, score, in?, standard_error?, note? }]; none: the words, uncoloured.
 * @param legend { toward, away } in words; left out: no legend.
 * @param most the score of the strongest colour; left out: the strongest unit's.
 * @param ofPatches the hint where the units are a picture's.
 */
export function stage(units, { legend, most: given, hint = "Move over a word for its score; press it to remove it.", ofPatches } = {}) {
  if (explainsWords(current())) return labelStage(units, { legend, most: given, legendOf });
  if (readsPictures(current())) return pictureStage(units, { legend, most: given, ...ofPatches ? { hint: ofPatches } : {} });
  const all = placed(units);
  const most = given ?? Math.max(legend?.floor ?? 0, largest(all.map(unit => unit.score ?? 0)));
  const sides = state.pair ? ["text", "pair"] : ["text"];
  const texts = h("div", { class: "stage", role: "group", "aria-label": "The text, coloured by score. Press a word to remove it." },
    sides.map(side => paragraph(side, all.filter(unit => unit.side === side).sort((a, b) => a.start - b.start), most)));
  let tapped = null;
  const press = item => {
    // Struck out at once; the answer for the other text follows.
    item.setAttribute("aria-pressed", String(item.classList.toggle("gone")));
    toggle(item.dataset.side, { start: Number(item.dataset.start), end: Number(item.dataset.end) });
  };
  texts.addEventListener("click", event => {
    const item = event.target.closest(".word");
    if (!item) return;
    // A finger cannot hover: its first tap reads the score, its second removes the word.
    if (event.pointerType === "touch" && tapped !== item) {
      tapped = item;
      line.say(describe(item, "tap"));
    } else press(item);
  });
  texts.addEventListener("keydown", event => {
    if ((event.key !== "Enter" && event.key !== " ") || !event.target.closest(".word")) return;
    event.preventDefault();
    press(event.target.closest(".word"));
  });
  roving(texts, ".word");
  const line = readout(hint);
  line.watch(texts, ".word", item => describe(item));
  return [legend && most ? legendOf(legend, most) : null, texts, line.element];
}

function describe(item, how = "press") {
  const { score, error, note } = item.dataset;
  const name = isolated(item.textContent);
  if (item.classList.contains("gone")) return [name, ` is removed: ${how === "tap" ? "tap it again" : "press it"} to put it back.`];
  if (score === undefined) return [name, ` · ${how === "tap" ? "tap again" : "press"} to remove`];
  return [name, ` ${signed(Number(score), 4)}`, error === undefined ? null : ` ± ${number(Number(error), 4)} (standard error)`, note ? " · " + note : null,
    how === "tap" ? " · tap again to remove" : null];
}

function legendOf({ toward, away }, most) {
  return h("p", { class: "legend" },
    away ? [h("span", { class: "key word neg", vars: { a: 100 } }, signed(-most)), " ", away, " "] : null,
    h("span", { class: "key word pos", vars: { a: 100 } }, away ? signed(most) : number(most)), " ", toward);
}

/** How a signed attribution reads for what is explained. */
export function signedLegend(answer) {
  const floor = scaleOf([], answer);
  if (answer.prediction?.value !== undefined) return { floor, toward: "raises the value (solid line)", away: "lowers it (dashed line)" };
  if (answer.prediction?.similarity !== undefined) return { floor, toward: "raises the similarity (solid line)", away: "lowers it (dashed line)" };
  const target = answer.target?.label ?? answer.target?.text;
  return target ? { floor, toward: `speaks for “${target}” (solid line)`, away: "against it (dashed line)" }
    : { floor, toward: "raises the score (solid line)", away: "lowers it (dashed line)" };
}
