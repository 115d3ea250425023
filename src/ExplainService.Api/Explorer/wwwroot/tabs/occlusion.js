// What the target loses when parts of the text are removed.

import { h } from "../dom.js";
import { signed } from "../numbers.js";
import { once } from "../panel.js";
import { explainsWords } from "../labels.js";
import { readsPictures } from "../picture.js";
import { compose, kindOrText } from "../request.js";
import { bars } from "../views/bars.js";
import { notes } from "../views/notes.js";
import { signedLegend, stage } from "../views/stage.js";

/** The fields that perturbation methods share: what stands in for a removed unit. */
const ofTexts = [
  { name: "replacement", label: "Replace by", kind: "select", initial: "mask", choices: [["mask", "Mask token"], ["pad", "Padding"], ["delete", "Nothing (delete)"], ["text", "A text"]] },
  { name: "replacement_text", label: "Replacement", kind: "text", when: values => values.replacement === "text" },
];
const ofPictures = [
  { name: "replacement", label: "Replace by", kind: "select", initial: "mean", choices: [["mean", "Mean colour"], ["zero", "Zero"], ["blur", "Blurred picture"], ["noise", "Noise"]] },
];
const ofLabels = [
  { name: "replacement", label: "Replace by", kind: "select", initial: "delete", choices: [["delete", "Nothing (delete)"], ["text", "A text"]] },
  ofTexts[1],
];
export const replacementFields = model => explainsWords(model) ? ofLabels : readsPictures(model) ? ofPictures : ofTexts;

/** The request's `replacement`; the default is left out. */
export const replacementOf = values => values.replacement === "mask" || values.replacement === "mean" ? undefined : kindOrText(values.replacement, values.replacement_text);

export const occlusion = {
  id: "occlusion",
  pictures: ["text", "bars"],
  fields: model => [
    ...replacementFields(model),
    { name: "window", label: "Window (units)", kind: "number", min: 1, placeholder: "1" },
    { name: "stride", label: "Stride", kind: "number", min: 1, placeholder: "1" },
  ],
  features: () => "occlusion",
  evaluations: ({ stride }, words) => 1 + words / (stride ?? 1),
  steps: (values, context) => once(
    compose("/occlusion", { replacement: replacementOf(values), window: values.window, stride: values.stride }, context.model()), context),
  view: ({ answers: [answer], requests: [{ body }] }, values) => [
    stage(answer.units, { legend: signedLegend(answer) }),
    notes(answer),
    h("div", { class: "columns" },
      bars(answer.units, { title: "The drop when a unit is removed, strongest first" }),
      values.window > 1 && answer.windows ? windows(answer.windows, body) : null),
  ],
};

/** The windows, each with the drop when all of it is removed. */
function windows(list, body) {
  const strongest = [...list].sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, 12);
  const text = window => (window.in === "pair" ? body.pair : body.text).slice(window.start, window.end);
  return h("figure", { class: "chart" },
    h("figcaption", null, "Windows, strongest first"),
    h("ol", { class: "windows" }, strongest.map(window => h("li", null, h("bdi", null, text(window)), h("span", { class: "bar-value" }, signed(window.score))))));
}
