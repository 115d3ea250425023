// What the target loses when other units take a unit's place.

import { h } from "../dom.js";
import { number } from "../numbers.js";
import { once } from "../panel.js";
import { compose } from "../request.js";
import { bars } from "../views/bars.js";
import { notes } from "../views/notes.js";
import { signedLegend, stage } from "../views/stage.js";

/** The service's own default. */
const SAMPLES = 10;

export const permutation = {
  id: "permutation",
  pictures: ["text", "bars"],
  fields: () => [
    { name: "samples", label: "Draws a unit", kind: "number", min: 1, placeholder: String(SAMPLES) },
    { name: "background", label: "Background", kind: "text", placeholder: "the text itself", help: "A text whose units take the place of the text\u2019s own" },
  ],
  features: () => "permutation",
  evaluations: ({ samples }, words) => (samples ?? SAMPLES) * words,
  steps: ({ samples, background }, context) => once(
    compose("/permutation", { samples, background: background ? [background] : undefined }, context.model()), context),
  view: ({ answers: [answer] }) => [
    stage(answer.units, { legend: signedLegend(answer) }),
    notes(answer, `score of the text ${number(answer.value)}`),
    h("div", { class: "columns" }, bars(answer.units, { title: "The mean drop when another unit stands there, strongest first" })),
  ],
};
