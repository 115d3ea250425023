// Shapley values, drawn while the estimate grows.

import { h } from "../dom.js";
import { number, sum } from "../numbers.js";
import { compose } from "../request.js";
import { force } from "../views/force.js";
import { matrix } from "../views/matrix.js";
import { notes } from "../views/notes.js";
import { signedLegend, stage } from "../views/stage.js";
import { waterfall } from "../views/waterfall.js";
import { replacementFields, replacementOf } from "./occlusion.js";

const FIRST = 64;
const BUDGET = 512;

/** 64, 128, 256, … up to the budget. */
function budgets(most, live) {
  const result = [most];
  for (let smaller = most; live && smaller > FIRST; result.unshift(smaller)) smaller = Math.max(FIRST, 2 ** (Math.ceil(Math.log2(smaller)) - 1));
  return result;
}

export const shapley = {
  id: "shapley",
  pictures: ["waterfall", "force", "interactions", "text", "bars"],
  fields: model => [
    {
      name: "algorithm", label: "Algorithm", kind: "select", initial: "auto", feature: choice => "shap." + choice,
      choices: [["auto", "Chosen by size"], ["exact", "Exact"], ["kernel", "Kernel"], ["permutation", "Permutation"], ["partition", "Partition (Owen)"]],
    },
    { name: "max_evaluations", label: "Evaluations", kind: "number", min: 2, placeholder: String(BUDGET), when: values => values.algorithm !== "exact" },
    ...replacementFields(model),
    { name: "interactions", label: "Interactions", kind: "check", initial: false },
    { name: "live", label: "Live estimate", kind: "check", initial: true, help: "Asks with a growing budget and redraws each time", when: values => values.algorithm !== "exact" },
  ],
  features: values => "shap." + values.algorithm,
  // A live estimate asks for half as much before, and for half of that before it.
  evaluations: ({ algorithm, max_evaluations: most = BUDGET, live }, words) => algorithm === "exact" ? 2 ** words : live ? 2 * most : most,
  async *steps(values, context) {
    const { algorithm } = values;
    const exact = algorithm === "exact";
    const most = values.max_evaluations ?? BUDGET;
    for (const budget of exact ? [undefined] : budgets(most, values.live)) {
      const request = compose("/shap", {
        algorithm: algorithm === "auto" ? undefined : algorithm,
        max_evaluations: budget,
        replacement: replacementOf(values),
        interactions: values.interactions || undefined,
      }, context.model());
      const answer = await context.ask(request);
      const last = answer.algorithm === "exact" || budget === most;
      yield { requests: [request], answers: [answer], done: last ? 1 : answer.evaluations, total: last ? 1 : most };
      if (last) return;
    }
  },
  view: ({ answers: [answer], done, total }) => {
    const gap = answer.base_value + sum(answer.units.map(unit => unit.score)) - answer.value;
    return [
      stage(answer.units, { legend: signedLegend(answer) }),
      notes(answer,
        Math.abs(gap) < 1e-4 ? "adds up" : `does not add up: off by ${number(gap, 4)}`,
        done < total ? `still growing (${answer.evaluations} of ${total})` : null),
      force(answer),
      h("div", { class: answer.interactions ? "columns" : "" },
        waterfall(answer),
        answer.interactions ? matrix(answer.interactions, answer.units.map(unit => unit.text), { caption: "Interactions: what two units do together beyond each alone" }) : null),
    ];
  },
};
