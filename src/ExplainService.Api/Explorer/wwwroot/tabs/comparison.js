// Several methods on one text, their words aligned, and how far their rankings agree.

import { h, isolated } from "../dom.js";
import { decimals, fixed, largest, spearman, sum } from "../numbers.js";
import { compose } from "../request.js";
import { state } from "../state.js";
import { matrix } from "../views/matrix.js";
import { stage } from "../views/stage.js";

const methods = [
  { id: "integrated_gradients", label: "Integrated gradients", path: "/saliency", own: { method: "integrated_gradients" }, feature: "saliency.integrated_gradients", on: true },
  { id: "input_x_gradient", label: "Input × gradient", path: "/saliency", own: { method: "input_x_gradient" }, feature: "saliency.input_x_gradient", on: true },
  { id: "gradient", label: "Gradient", path: "/saliency", own: { method: "gradient" }, feature: "saliency.gradient" },
  { id: "smooth_grad", label: "SmoothGrad", path: "/saliency", own: { method: "smooth_grad" }, feature: "saliency.smooth_grad" },
  { id: "gradient_shap", label: "Expected gradients", path: "/saliency", own: { method: "gradient_shap" }, feature: "saliency.gradient_shap" },
  { id: "occlusion", label: "Occlusion", path: "/occlusion", own: {}, feature: "occlusion", on: true },
  { id: "shap", label: "Shapley", path: "/shap", own: { max_evaluations: 256 }, feature: "shap.auto", on: true },
  { id: "lime", label: "LIME", path: "/lime", own: { samples: 256 }, feature: "lime" },
  { id: "permutation", label: "Permutation", path: "/permutation", own: {}, feature: "permutation" },
  { id: "rollout", label: "Attention rollout", path: "/attention", own: { aggregate: "rollout" }, feature: "attention.rollout" },
  { id: "gradient_relevance", label: "Gradient relevance", path: "/attention", own: { aggregate: "gradient_relevance" }, feature: "attention.gradient_relevance", on: true },
];

const available = model => methods.filter(method => model?.supports ? model.supports[method.feature]?.supported : method.on);

export const comparison = {
  id: "comparison",
  label: "Comparison",
  pictures: ["text", "bars"],
  fields: model => available(model).map(method => ({ name: method.id, label: method.label, kind: "check", initial: Boolean(method.on) })),
  features: () => [],
  async *steps(values, context) {
    const model = context.model();
    const chosen = available(model).filter(method => values[method.id]);
    const columns = [];
    const granularity = state.granularity || "word";
    for (const method of chosen) {
      const request = compose(method.path, { ...method.own, granularity: method.path === "/attention" ? undefined : granularity }, model);
      if (method.path === "/attention") delete request.body.granularity;
      try {
        columns.push({ method, request, answer: await context.ask(request) });
      } catch (problem) {
        if (problem.name === "AbortError") throw problem;
        columns.push({ method, request, problem });
      }
      const answered = columns.filter(column => column.answer);
      yield { columns, requests: answered.map(column => column.request), answers: answered.map(column => column.answer), done: columns.length, total: chosen.length };
    }
    if (!chosen.length) yield { columns, requests: [], answers: [] };
  },
  view: ({ columns }) => {
    const units = columns.find(column => column.answer?.units)?.answer.units;
    const failed = columns.filter(column => column.problem);
    const problems = failed.length ? h("ul", { class: "warnings" }, failed.map(({ method, problem }) => h("li", null, `${method.label}: ${problem.detail ?? problem.message}`))) : null;
    if (!units) return [stage([]), problems, h("p", { class: "hint" }, columns.length ? "Choose a method that scores words to align the others with." : "Choose methods to compare.")];
    const scored = columns.filter(column => column.answer).map(({ method, answer }) => ({ label: method.label, scores: aligned(answer, units) }));
    return [stage(units.map(({ score, ...unit }) => ({ ...unit })), { hint: "Press a word to remove it and watch every method." }), problems, table(units, scored), agreement(scored)];
  },
};

/** Scores of an answer for other units: its own where they are the same, else the sum over their tokens. */
function aligned(answer, units) {
  if (answer.units && answer.units.length === units.length) return answer.units.map(unit => unit.score);
  const byToken = answer.scores ?? answer.tokens.map(token => token.score ?? 0);
  return units.map(unit => sum(unit.tokens.map(token => byToken[token] ?? 0)));
}

function table(units, columns) {
  const most = columns.map(column => largest(column.scores) || 1);
  return h("figure", { class: "chart" },
    h("figcaption", null, "Scores by method; colours are relative to each method’s strongest word"),
    h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Scores by method" },
      h("table", { class: "compare" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "Word"), columns.map(column => h("th", { scope: "col" }, column.label)))),
        h("tbody", null, units.map((unit, row) => h("tr", null,
          h("th", { scope: "row" }, isolated(unit.text)),
          columns.map((column, index) => {
            const score = column.scores[row];
            return h("td", { class: score > 0 ? "pos" : score < 0 ? "neg" : "nil", data: { value: score }, vars: { a: Math.round(100 * Math.abs(score) / most[index]) } }, fixed(score, decimals(most[index]) + 1));
          })))))));
}

function agreement(columns) {
  if (columns.length < 2) return null;
  const values = columns.map(left => columns.map(right => spearman(left.scores, right.scores)));
  return matrix(values, columns.map(column => column.label), { caption: "Agreement: Spearman’s rank correlation", most: 1 });
}
