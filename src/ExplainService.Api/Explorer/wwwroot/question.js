// What is explained, for every tab at once: target, objective, size of the units.

import { form } from "./controls.js";
import { byId } from "./dom.js";
import { current } from "./models.js";
import { change, state } from "./state.js";
import { targetFields } from "./target.js";

const common = [
  { name: "objective", label: "Objective", kind: "select", initial: "", choices: [["", "default"], ["probability", "Probability"], ["logit", "Logit"], ["log_probability", "Log probability"]] },
  { name: "granularity", label: "Granularity", kind: "select", initial: "", choices: [["", "by method"], ["token", "Token"], ["word", "Word"], ["sentence", "Sentence"], ["paragraph", "Paragraph"]] },
  { name: "overflow", label: "Long texts", kind: "select", initial: "", choices: [["", "are refused"], ["truncate", "are cut"], ["window", "are read in windows"]] },
  { name: "seed", label: "Seed", kind: "number", min: 0, placeholder: "0" },
];

/** Draws the form; a field that has the focus keeps it. */
export function drawQuestion() {
  const place = byId("question");
  const focused = place.contains(document.activeElement) ? document.activeElement.name : null;
  place.replaceChildren(
    ...form(targetFields(current()), state.target, patch => change({ target: { ...state.target, ...patch } })),
    ...form(common, state, patch => change(patch)));
  if (focused) place.querySelector(`[name="${focused}"]`)?.focus();
}
