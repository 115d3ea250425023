// What each layer contributes, or already knows.

import { h } from "../dom.js";
import { scaleOf } from "../numbers.js";
import { once } from "../panel.js";
import { compose } from "../request.js";
import { changeOptions, state } from "../state.js";
import { nameOf } from "../text.js";
import { choice } from "../views/choice.js";
import { lens } from "../views/lens.js";
import { matrix } from "../views/matrix.js";
import { notes } from "../views/notes.js";
import { signedLegend, stage } from "../views/stage.js";

/** The methods as the service lists them; until the model is known, the one that is asked for first. */
function methods(model) {
  const listed = Object.values(model?.supports ?? {}).filter(support => support.path === "/layers").map(({ request, title }) => [request.method, title]);
  return listed.length ? listed : [["gradient_x_activation", "Gradient × activation"]];
}

export const layers = {
  id: "layers",
  pictures: ({ method }) => [method === "lens" ? "lens" : "layers"],
  fields: model => [
    { name: "method", label: "Method", kind: "select", initial: "gradient_x_activation", feature: choice => "layers." + choice, choices: methods(model), open: !model?.supports },
    { name: "baseline", label: "Baseline", kind: "select", initial: "default", choices: [["default", "Padding"], ["mask", "Mask"], ["zero", "Zero"], ["mean", "Mean embedding"]], when: values => values.method === "conductance" },
    { name: "steps", label: "Steps", kind: "number", min: 1, max: 2000, placeholder: "50", when: values => values.method === "conductance" },
    { name: "top_k", label: "Entries", kind: "number", min: 1, max: 20, placeholder: "5", help: "Of a vocabulary: how many of the strongest entries each layer lists", when: values => values.method === "lens" },
  ],
  features: values => "layers." + values.method,
  evaluations: ({ method, steps }) => method === "conductance" ? steps ?? 50 : 2,
  steps: ({ method, baseline, steps, top_k }, context) => {
    const request = compose("/layers", {
      method: method === "gradient_x_activation" ? undefined : method, baseline: baseline === "default" ? undefined : baseline, steps, top_k,
    }, context.model());
    // Tokens are what layers hold.
    delete request.body.granularity;
    return once(request, context);
  },
  view: ({ answers: [answer] }, values) => values.method === "lens" ? lensView(answer) : scoresView(answer),
};

const lensView = answer => [stage([], { hint: "Press a word to remove it and watch the layers." }), lens(answer), notes(answer)];

/** The text by one layer, chosen among all, and below it every layer. */
function scoresView(answer) {
  const all = answer.layers.filter(layer => layer.scores);
  const wanted = Number(state.options.layers?.layer ?? NaN);
  // The last layer's scores all stand at the position that is read; the one before it still tells tokens apart.
  const chosen = all.find(({ layer }) => layer === wanted) ?? all[Math.max(0, all.length - 2)];
  const most = scaleOf(all.flatMap(({ scores }) => scores), answer);
  const units = answer.tokens.filter(token => !token.special).map(token => ({ ...token, score: chosen.scores[token.index] }));
  return [
    choice("After layer", all.map(({ layer }) => [String(layer), layer === 0 ? "embeddings" : String(layer)]), String(chosen.layer), layer => changeOptions("layers", { layer })),
    stage(units, { legend: signedLegend(answer), most: scaleOf(all.flatMap(({ scores }) => units.map(unit => scores[unit.index])), answer) }),
    notes(answer),
    h("div", { class: "map" }, matrix(answer.tokens.map((_, token) => all.map(({ scores }) => scores[token])), answer.tokens.map(nameOf), {
      caption: "Tokens (down) by layer (across), 0 being the embeddings", columns: all.map(({ layer }) => String(layer)), most,
    })),
  ];
}
