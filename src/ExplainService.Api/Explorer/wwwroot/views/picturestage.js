// The picture itself, its units coloured by score. Patches are buttons: one press hides a patch, another shows it again.

import { h } from "../dom.js";
import { largest, number, signed } from "../numbers.js";
import { hiddenBoxes, isHidden, picture, toggleBox } from "../picture.js";
import { roving } from "../roving.js";
import { change, state } from "../state.js";
import { readout } from "./readout.js";

const percent = (part, whole) => `${(100 * part / whole).toFixed(4)}%`;

function patch(unit, most, { width, height }, chosen) {
  const [x, y, across, down] = unit.box;
  const { score } = unit;
  const gone = isHidden(unit.box);
  return h("span", {
    class: ["patch", gone ? "gone" : score > 0 ? "pos" : score < 0 ? "neg" : "nil"].join(" "),
    role: "button", "aria-pressed": String(chosen ?? gone), "aria-label": `${unit.text}${gone ? ", hidden" : score === undefined ? "" : `, ${signed(score)}`}`,
    vars: {
      x: percent(x, width), y: percent(y, height), across: percent(across, width), down: percent(down, height),
      ...(score && most ? { a: Math.round(100 * Math.min(1, Math.abs(score) / most)) } : {}),
    },
    data: { key: "patch:" + unit.box.join(), score, error: unit.standard_error, name: unit.text },
  });
}

/** The picture with some boxes hidden, to be looked at alone. */
export function hiddenPicture(boxes, alt) {
  const shown = picture();
  if (!shown) return null;
  return h("div", { class: "picture-stage plain", role: "img", "aria-label": alt, vars: { ratio: `${shown.width} / ${shown.height}`, "natural": shown.width / shown.height } },
    h("img", { src: shown.url, alt: "" }),
    [...hiddenBoxes(), ...boxes].map(([x, y, across, down]) => h("span", { class: "patch gone", vars: { x: percent(x, shown.width), y: percent(y, shown.height), across: percent(across, shown.width), down: percent(down, shown.height) } })));
}

/**
 * The picture with its units.
 * @param units of the answer, [{ text, box, score }].
 * @param most the score of the strongest colour; left out: the strongest unit's.
 * @param press called with the unit that is pressed; left out: it is hidden, or shown again.
 * @param chosen the unit that is marked as chosen.
 */
export function pictureStage(units, { legend, most: given, hint = "Move over a patch for its score; press it to hide it.", press, chosen } = {}) {
  const shown = picture();
  if (!shown) return [];
  const all = units.filter(unit => unit.box?.[2] > 0 && unit.box[3] > 0);
  const most = given ?? Math.max(legend?.floor ?? 0, largest(all.map(unit => unit.score ?? 0)));
  // Regions of any shape have boxes that overlap: each has a mark in the middle of its own, and the service's pictures show their shapes.
  const regions = state.granularity === "superpixel";
  if (regions) hint = "Move over a mark for its region\u2019s score; the picture \u201Cimage\u201D below shows its shape.";
  const columns = Math.max(1, new Set(all.map(unit => unit.box[0])).size);
  const frame = h("div", { class: regions ? "picture-stage regions" : "picture-stage", role: "group", "aria-label": hint, vars: { ratio: `${shown.width} / ${shown.height}`, "natural": shown.width / shown.height } },
    h("img", { src: shown.url, alt: shown.name }),
    all.map(unit => patch(unit, most, shown, press ? unit === chosen : undefined)));
  const byKey = new Map(all.map(unit => ["patch:" + unit.box.join(), unit]));
  let tapped = null;
  const pressed = item => {
    const unit = byKey.get(item.dataset.key);
    if (press) return press(unit);
    if (regions) return;
    // Grey at once; the answer for the other picture follows.
    item.classList.toggle("gone");
    change(toggleBox(unit.box));
  };
  frame.addEventListener("click", event => {
    const item = event.target.closest(".patch");
    if (!item) return;
    // A finger cannot hover: its first tap reads the score, its second hides the patch.
    if (event.pointerType === "touch" && tapped !== item) {
      tapped = item;
      line.say(describe(item, press ? "" : " · tap again to hide"));
    } else pressed(item);
  });
  frame.addEventListener("keydown", event => {
    if ((event.key !== "Enter" && event.key !== " ") || !event.target.closest(".patch")) return;
    event.preventDefault();
    pressed(event.target.closest(".patch"));
  });
  if (all.length) roving(frame, ".patch", { columns: all.length % columns === 0 ? columns : 1 });
  const line = readout(hint);
  line.watch(frame, ".patch", item => describe(item));
  return [legend && most ? legendOf(legend, most) : null, frame, line.element];
}

function describe(item, more = "") {
  const { score, error, name } = item.dataset;
  if (item.classList.contains("gone")) return [`patch ${name} is hidden: press it to show it again.`];
  return [`patch ${name}`, score === undefined ? "" : ` ${signed(Number(score), 4)}`, error === undefined ? null : ` ± ${number(Number(error), 4)} (standard error)`, more];
}

const legendOf = ({ toward, away }, most) => h("p", { class: "legend" },
  away ? [h("span", { class: "key patch-key neg", vars: { a: 100 } }, signed(-most)), " ", withoutLines(away), " "] : null,
  h("span", { class: "key patch-key pos", vars: { a: 100 } }, away ? signed(most) : number(most)), " ", withoutLines(toward));

/** Words have lines below them; patches have colours alone, and their numbers in the line below. */
const withoutLines = text => text.replace(/ \((solid|dashed) line\)/, "");
