// The models that are served: which is chosen, what it is, what is wrong with those that cannot be.

import { getModel, getModels } from "./api.js";
import { byId, h } from "./dom.js";
import { examples, pairs, taskNames } from "./examples.js";
import { comparesLabels } from "./labels.js";
import { readsPictures } from "./picture.js";
import { state } from "./state.js";
import { isGeneration } from "./target.js";

let models = [];
let preferred;
let missing = null;

/** Fetches the list. */
export async function loadModels() {
  const list = await getModels();
  models = list.models;
  preferred = list.default;
}

export const named = name => models.find(model => model.name === name);

/** Notes the name that a link gave of a model which is not served; null: none. */
export const note = name => (missing = name);

/** The chosen model. */
export const current = () => named(state.model);

/** What to show when no link says otherwise. */
export const firstModel = () => {
  const usable = models.filter(model => model.state !== "broken");
  return usable.find(model => model.name === preferred) ?? usable[0];
};

/** Asks for one model again: what it allows is known once it is loaded. */
export async function refresh(name) {
  const fresh = await getModel(name);
  models = models.map(model => model.name === fresh.name ? fresh : model);
}

/** An example's texts; the mask is written as most tokenizers write it. */
export const exampleTexts = ({ text, pair }) => ({ text: text.replace("{mask}", "[MASK]"), pair: pair ?? "" });

/** Draws the choice of models, the chosen one's facts, its examples and the fields that its task has. */
export function drawModel() {
  const model = current();
  byId("model").replaceChildren(...models.map(item => h("option", {
    value: item.name, selected: item.name === state.model, disabled: item.state === "broken", title: item.error,
  }, item.state === "broken" ? `${item.name} (cannot be served)` : item.name)));
  byId("model-facts").replaceChildren(missing === null ? "" : h("strong", { class: "broken", role: "alert" },
    `The link names a model that is not served here: \u201C${missing}\u201D. ${model ? `What follows is by ${model.name}. ` : ""}`), facts(model), ...models.filter(item => item.error).map(item => h("span", { class: "broken" }, ` ${item.name}: ${item.error}`)));
  const pair = pairs[model?.task];
  // A task without a second text leaves its place empty, so that nothing moves when the model is known.
  byId("pair-field").classList.toggle("absent", !pair && !state.pair);
  byId("pair-label").textContent = pair?.label ?? "Second text (this task takes none)";
  if (state.pair || (pair && !pair.optional)) byId("pair-field").open = true;
  byId("text-label").textContent = pair?.text ?? "Text";
  const pictures = readsPictures(model);
  byId("picture-field").hidden = !pictures;
  byId("labels-field").hidden = !comparesLabels(model);
  byId("bring").hidden = models.some(readsPictures);
  for (const id of ["text-field", "pair-field", "removal"]) byId(id).hidden = pictures;
  byId("tab-generation").hidden = !isGeneration(model);
  const list = examples[model?.task] ?? [];
  byId("example").replaceChildren(
    h("option", { value: "" }, list.length ? "Pick one…" : "None for this task"), ...list.map((example, index) => h("option", { value: index }, example.text)));
}

function facts(model) {
  const layers = model?.limits?.attention_layers;
  return [
    taskNames[model?.task] ?? model?.task,
    model?.limits?.image ? `${model.limits.image.width} × ${model.limits.image.height} pixels in ${model.limits.image.patch_rows} × ${model.limits.image.patch_columns} patches`
      : model?.limits ? `up to ${model.limits.max_tokens} tokens` : model ? "loads on first use" : null,
    model?.limits?.heads ? `${layers.self ?? layers.decoder ?? 0} layers × ${model.limits.heads} heads` : null,
  ].filter(Boolean).join(" · ");
}
