// What is explained, for every tab at once: target, objective, size of the units.

import { form } from "./controls.js";
import { byId } from "./dom.js";
import { current } from "./models.js";
import { isPicked, picker } from "./picker.js";
import { predicted } from "./predictor.js";
import { change, changeTarget, state } from "./state.js";
import { commonFields, targetFields } from "./target.js";

/** Draws the form and the words to pick from. */
export function drawQuestion() {
  drawFields();
  drawPicker();
}

/** A field that has the focus keeps it. */
function drawFields() {
  const place = byId("question");
  const focused = place.contains(document.activeElement) ? document.activeElement.name : null;
  const fields = targetFields(current());
  place.replaceChildren(...form(fields, state.target, patch => {
    changeTarget(patch);
    // Choices of one field may depend on another; while someone types the form stays as it is.
    if (fields.some(field => field.kind === "select" && field.name in patch)) drawFields();
  }), ...form(commonFields(current()), state, patch => {
    change(patch);
    // Superpixels have a number.
    if ("granularity" in patch) drawFields();
  }));
  if (focused) place.querySelector(`[name="${focused}"]`)?.focus();
}

/** Draws the words to pick the target from, for tasks that have them; a word that has the focus keeps it. */
export function drawPicker() {
  const place = byId("picker");
  const task = current()?.task;
  place.hidden = !isPicked(task);
  if (place.hidden) return place.replaceChildren();
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(picker(task, predicted(), state.target, patch => {
    changeTarget(patch);
    drawFields();
  }));
  if (focused) place.querySelector(`[data-key="${focused}"]`)?.focus();
}
