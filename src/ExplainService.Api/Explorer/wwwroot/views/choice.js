// One of a few, as buttons in a row.

import { h, isolated } from "../dom.js";
import { roving } from "../roving.js";

/**
 * @param label what is chosen.
 * @param choices [[value, text]].
 * @param choose called with the value that was pressed.
 */
export function choice(label, choices, chosen, choose) {
  const group = h("div", { class: "choice", role: "group", "aria-label": label }, h("span", { class: "facts" }, label), choices.map(([value, text, more]) =>
    h("button", {
      type: "button", class: "small chosen-one", "aria-pressed": String(value === chosen), "aria-current": value === chosen ? "true" : undefined,
      data: { key: `choice:${label}:${value}`, value }, on: { click: () => choose(value) },
    }, isolated(text), more ? h("small", null, " ", isolated(more)) : null)));
  roving(group, ".chosen-one");
  return group;
}
