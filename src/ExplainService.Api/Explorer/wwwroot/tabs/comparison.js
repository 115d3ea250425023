// Several methods on one text: their words aligned, which is the most faithful, and how far their rankings agree.

import { h, isolated } from "../dom.js";
import { decimals, fixed, scaleOf, spearman, sum } from "../numbers.js";
import { readsPictures } from "../picture.js";
import { compose } from "../request.js";
import { commonValues } from "../target.js";
import { faithfulness } from "../views/faithfulness.js";
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

/** What is measured, and the service's pictures of it. */
const METRICS = ["area", "comprehensiveness", "sufficiency", "deletion_auc", "insertion_auc"];
const VERDICT = ["faithfulness", "curves", "agreement"];

/** What one method is asked by itself, which its pictures are of. */
function requestOf(method, model) {
  const request = compose(method.path, { ...method.own, granularity: method.path === "/attention" ? undefined : granularityOf(model) }, model);
  if (method.path === "/attention" || readsPictures(model)) delete request.body.granularity;
  if (readsPictures(model)) delete request.body.segments;
  return { ...request, views: readsPictures(model) ? ["image", "patches", "bars"] : ["text", "bars"] };
}

/** Pictures are compared by their patches, which every method scores. */
const granularityOf = model => readsPictures(model) ? undefined : commonValues().granularity || "word";

/** All of them beside each other, and which to trust. */
const verdictOf = (chosen, model) => ({
  ...compose("/compare", { granularity: granularityOf(model), metrics: METRICS, methods: chosen.map(({ method }) => ({ name: method.label, endpoint: method.path, ...method.own })) }, model),
  views: VERDICT,
});

const stepOf = columns => {
  const answered = columns.filter(column => column.answer);
  return { columns, requests: answered.map(column => column.request), answers: answered.map(column => column.answer) };
};

export const comparison = {
  id: "comparison",
  pictures: (_, model) => ["text", "bars", ...model?.supports?.compare?.supported ? VERDICT : []],
  fields: model => available(model).map(method => ({ name: method.id, label: method.label, kind: "check", initial: method.on })),
  features: () => [],
  evaluations: (_, words) => 500 + Math.min(4000, 88 * words),
  async *steps(values, context) {
    const model = context.model();
    const chosen = available(model).filter(method => values[method.id]).map(method => ({ method, request: requestOf(method, model) }));
    const judges = model.supports.compare?.supported;
    let refused;
    if (judges && chosen.length > 1) {
      const request = verdictOf(chosen, model);
      try {
        const verdict = await context.ask(request);
        const columns = chosen.flatMap(column => {
          const own = verdict.explanations.find(({ name }) => name === column.method.label);
          return own ? [{ ...column, answer: { ...own, warnings: own.warnings ?? [], prediction: verdict.prediction } }] : [];
        });
        yield { columns, verdict, requests: [request, ...columns.map(column => column.request)], answers: [verdict] };
        return;
      } catch (problem) {
        if (problem.name === "AbortError") throw problem;
        refused = problem;
      }
    }
    // One by one: a method that cannot be asked leaves the others what they are.
    const columns = [];
    for (const { method, request } of chosen) {
      try {
        columns.push({ method, request, answer: await context.ask(request) });
      } catch (problem) {
        if (problem.name === "AbortError") throw problem;
        columns.push({ method, request, problem });
      }
      yield { ...stepOf(columns), done: columns.length, total: chosen.length };
    }
    const judged = columns.filter(column => column.answer);
    if (judges && judged.length > 1 && judged.length < columns.length) {
      const request = verdictOf(judged, model), step = stepOf(columns);
      try {
        const verdict = await context.ask(request);
        yield { ...step, verdict, requests: [...step.requests, request], answers: [...step.answers, verdict] };
        return;
      } catch (problem) {
        if (problem.name === "AbortError") throw problem;
        refused = problem;
      }
    }
    if (refused || !chosen.length) yield { ...stepOf(columns), refused };
  },
  view: ({ columns, verdict, refused }, _, context) => {
    const named = readsPictures(context.model()) ? "Patch" : "Word";
    const units = columns.find(column => column.answer?.units)?.answer.units;
    const failed = columns.filter(column => column.problem);
    const problems = warningList([...failed.map(({ method, problem }) => `${method.label}: ${problem.detail ?? problem.message}`), ...refused ? [`Which is the most faithful is not known: ${refused.detail ?? refused.message}`] : []]);
    if (!units) return [stage([]), problems, h("p", { class: "hint" }, columns.length ? "Choose a method that scores parts to align the others with." : "Choose methods to compare.")];
    const answered = columns.filter(column => column.answer);
    const scored = answered.map(({ method, answer }) => ({ label: method.label, answer, scores: aligned(answer, units), errors: errors(answer, units) }));
    const told = answered.flatMap(({ method, answer }) => answer.warnings.map(warning => `${method.label}: ${warning}`));
    const sure = answered.map(({ method, answer }) => ({ label: method.label, facts: certainty(answer) })).filter(({ facts }) => facts.length);
    return [
      stage(units.map(({ score, ...unit }) => ({ ...unit })), { hint: "Press a word to remove it and watch every method.", ofPatches: "Press a patch to hide it and watch every method." }),
      verdict?.recommendation ? h("p", { class: "decision" }, verdict.recommendation.reason) : null,
      problems, warningList([...told, ...verdict?.warnings ?? []]), table(units, scored, named),
      sure.length ? h("ul", { class: "facts" }, sure.map(({ label, facts }) => h("li", null, `${label}: ${facts.join(" · ")}`))) : null,
      verdict ? faithfulness(verdict) : null,
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

function table(units, columns, named) {
  const most = columns.map(column => scaleOf(column.scores, column.answer) || 1);
  return h("figure", { class: "chart" },
    h("figcaption", null, "Scores by method; colours are relative to each method’s strongest ", named.toLowerCase()),
    h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Scores by method" },
      h("table", { class: "compare" },
        h("thead", null, h("tr", null, h("th", { scope: "col" }, named), columns.map(column => h("th", { scope: "col" }, column.label, column.answer.unsigned ? h("small", null, " sizes alone") : null)))),
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
