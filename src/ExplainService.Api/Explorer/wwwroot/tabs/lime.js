// A linear surrogate around the text.

import { h } from "../dom.js";
import { number } from "../numbers.js";
import { once } from "../panel.js";
import { compose } from "../request.js";
import { bars } from "../views/bars.js";
import { notes } from "../views/notes.js";
import { signedLegend, stage } from "../views/stage.js";
import { replacementFields, replacementOf } from "./occlusion.js";

/** The service's own default. */
const SAMPLES = 500;

export const lime = {
  id: "lime",
  pictures: ["text", "bars"],
  fields: model => [
    { name: "samples", label: "Samples", kind: "number", min: 2, placeholder: String(SAMPLES) },
    { name: "features", label: "Most units", kind: "number", min: 1, placeholder: "all", help: "Units with a weight, at most" },
    { name: "kernel_width", label: "Kernel width", kind: "number", min: 0.001, step: "any", placeholder: "0.75" },
    { name: "alpha", label: "Ridge penalty", kind: "number", min: 0, step: "any", placeholder: "1" },
    ...replacementFields(model),
  ],
  features: () => "lime",
  evaluations: ({ samples }) => samples ?? SAMPLES,
  steps: ({ samples, features, kernel_width, alpha, ...values }, context) => once(
    compose("/lime", { samples, features, kernel_width, alpha, replacement: replacementOf(values) }, context.model()), context),
  view: ({ answers: [answer] }) => [
    stage(answer.units, { legend: signedLegend(answer) }),
    notes(answer, `intercept ${number(answer.intercept)}`, `score of the text ${number(answer.value)}`),
    h("div", { class: "columns" }, bars(answer.units, { title: "Weights of the linear surrogate, strongest first" })),
  ],
};
