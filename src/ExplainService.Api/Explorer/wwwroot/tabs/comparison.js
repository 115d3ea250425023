// Several methods on one text, their words aligned, and how far their rankings agree.

import { h, isolated } from "../dom.js";
import { decimals, fixed, scaleOf, spearman, sum } from "../numbers.js";
import { compose } from "../request.js";
import { commonValues } from "../target.js";
import { matrix } from "../views/matrix.js";
import { certainty, warningList } from "../views/notes.js";
import { stage } from "../views/stage.js";

// What is compared at first; every other method that scores parts of a text can be chosen beside them.
const first = new Set(["saliency.integrated_gradients", "saliency.input_x_gradient", "occlusion", "shap.auto", "attention.gradient_relevance"]);

/** The methods that the model supports and whose scores can stand side by side, as the service lists them. */
const available = model => Object.entries(model?.supports ?? {})
  .filter(([, support]) => support.supported && support.comparison)
  .map(([feature, { title, path, comparison }]) => ({
    id: feature.endsWith(".auto") ? feature.split(".")[0] : feature.split(".").pop(), label: title, path, own: comparison, on: first.has(feature),
  }));

export const comparison = {
  id: "comparison",
  pictures: ["text", "bars"],
  fields: model => available(model).map(method => ({ name: method.id, label: method.label, kind: "check", initial: method.on })),
  features: () => [],
  async *steps(values, context) {
    const model = context.model();
    const chosen = available(model).filter(method => values[method.id]);
    const columns = [];
    const granularity = commonValues().granularity || "word";
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
    const answered = columns.filter(column => column.answer);
    const scored = answered.map(({ method, answer }) => ({ label: method.label, answer, scores: aligned(answer, units), errors: errors(answer, units) }));
    const told = answered.flatMap(({ method, answer }) => answer.warnings.map(warning => `${method.label}: ${warning}`));
    const sure = answered.map(({ method, answer }) => ({ label: method.label, facts: certainty(answer) })).filter(({ facts }) => facts.length);
    return [
      stage(units.map(({ score, ...unit }) => ({ ...unit })), { hint: "Press a word to remove it and watch every method." }),
      problems, warningList(told), table(units, scored),
      sure.length ? h("ul", { class: "facts" }, sure.map(({ label, facts }) => h("li", null, `${label}: ${facts.join(" · ")}`))) : null,
      agreement(scored),
    ];
  },
};

/** Scores of an answer for other units: its own where they are the same, else the sum over their tokens. */
function aligned(answer, units) {
  if (answer.units && answer.units.length === units.length) return answer.units.map(unit => unit.score);
  const byToken = answer.scores ?? answer.tokens.map(token => token.score ?? 0);
  return units.map(unit => sum(unit.tokens.map(token => byToken[token] ?? 0)));
}

/** Standard errors, where an answer has them for these very units. */
const errors = (answer, units) => answer.units?.length === units.length ? answer.units.map(unit => unit.standard_error) : [];

function table(units, columns) {
  const most = columns.map(column => scaleOf(column.scores, column.answer) || 1);
  return h("figure", { class: "chart" },
    h("figcaption", null, "Scores by method; colours are relative to each method’s strongest word"),
    h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Scores by method" },
      h("table", { class: "compare" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, "Word"), columns.map(column => h("th", { scope: "col" }, column.label, column.answer.unsigned ? h("small", null, " sizes alone") : null)))),
        h("tbody", null, units.map((unit, row) => h("tr", null,
          h("th", { scope: "row" }, isolated(unit.text)),
          columns.map((column, index) => {
            const score = column.scores[row], error = column.errors[row], digits = decimals(most[index]) + 1;
            return h("td", { class: score > 0 ? "pos" : score < 0 ? "neg" : "nil", data: { value: score }, vars: { a: Math.round(100 * Math.abs(score) / most[index]) } }, 
              fixed(score, digits), error ? h("small", null, ` ± ${error.toFixed(digits)}`) : null);
          })))))));
}

function agreement(columns) {
  if (columns.length < 2) return null;
  const values = columns.map(left => columns.map(right => spearman(left.scores, right.scores)));
  return matrix(values, columns.map(column => column.label), { caption: "Agreement: Spearman’s rank correlation", most: 1 });
}
