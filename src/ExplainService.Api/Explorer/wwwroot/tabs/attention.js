// Attention: every head, or all of them combined.

import { h, isolated } from "../dom.js";
import { number } from "../numbers.js";
import { compose } from "../request.js";
import { changeOptions, remember, state } from "../state.js";
import { current } from "../models.js";
import { readsPictures } from "../picture.js";
import { nameOf } from "../text.js";
import { ablation } from "../views/ablation.js";
import { headGrid } from "../views/headgrid.js";
import { heatmap } from "../views/heatmap.js";
import { lines } from "../views/lines.js";
import { notes } from "../views/notes.js";
import { patchAttention } from "../views/patchattention.js";
import { readout } from "../views/readout.js";
import { stage } from "../views/stage.js";

// Weights that one answer may hold; beyond it heads are asked for one by one.
const MOST_WEIGHTS = 400_000;

const kinds = { self: "Self", decoder: "Decoder", cross: "Cross (output to input)" };

const featureOf = aggregate => aggregate === "ablation" ? "ablation.heads" : "attention." + aggregate;

const counted = model => Object.entries(model?.limits?.attention_layers ?? {}).filter(([, layers]) => layers);

export const attention = {
  id: "attention",
  pictures: ({ aggregate }) => aggregate === "ablation" ? ["ablation"] : aggregate === "none" ? ["heads", "heatmap", "grid"]
    : ["rollout", "flow", "gradient_relevance"].includes(aggregate) ? ["heads", "heatmap", "text"] : ["heads", "heatmap"],
  fields: model => [
    {
      name: "aggregate", label: "Show", kind: "select", initial: "none", feature: featureOf,
      choices: [["none", "Each head"], ["mean", "Mean of the heads"], ["max", "Maximum of the heads"], ["rollout", "Rollout"], ["flow", "Flow"], ["gradient_relevance", "Gradient relevance"], ["ablation", "Ablation of heads"]],
    },
    ...counted(model).length > 1 ? [{ name: "kind", label: "Whose", kind: "select", initial: "self", choices: counted(model).map(([kind]) => [kind, kinds[kind]]) }] : [],
  ],
  features: values => featureOf(values.aggregate),
  evaluations: ({ aggregate }) => aggregate === "ablation" ? 100 : 1,
  async *steps(values, context) {
    const model = context.model();
    if (values.aggregate === "ablation") {
      const request = compose("/ablation", {}, model);
      delete request.body.granularity;
      yield { requests: [request], answers: [await context.ask(request)] };
      return;
    }
    const kind = values.kind && values.kind !== "self" ? values.kind : undefined;
    const own = { aggregate: values.aggregate === "none" ? undefined : values.aggregate, kind };
    const tokens = context.prediction()?.tokens?.length ?? 64;
    const layers = model.limits?.attention_layers?.[kind ?? "self"] ?? 0;
    const single = values.aggregate === "none" && layers * model.limits.heads * tokens ** 2 > MOST_WEIGHTS;
    const chosen = chosenHead(layers, model.limits?.heads ?? 1);
    const request = compose("/attention", single ? { ...own, layers: [chosen.layer], heads: [chosen.head] } : own, model);
    // Of many heads a picture shows the chosen one, or all of them in a grid.
    if (values.aggregate === "none") request.picture = view => view === "grid" ? {} : chosen;
    yield { requests: [request], answers: [await context.ask(request)], chosen, single: single ? { layers, heads: model.limits.heads } : null };
  },
  view: ({ answers: [answer], chosen, single }, values) =>
    values.aggregate === "ablation" ? ablationView(answer)
    : values.aggregate === "none" ? headView(answer, chosen, single, values.kind) : combinedView(answer, values),
};

function chosenHead(layers, heads) {
  const { layer = 0, head = 0 } = state.options.attention ?? {};
  return { layer: Math.min(Math.max(0, Number(layer) || 0), Math.max(0, layers - 1)), head: Math.min(Math.max(0, Number(head) || 0), Math.max(0, heads - 1)) };
}

/** What a decoder's first position reads, as the service's pictures call it. */
const START = "\u2039start\u203A";

/** Names of the positions of a side: what stands there. A causal model's generated tokens follow the text's, a decoder's follow its start token. */
function names(answer, count, kind, ofKeys) {
  const read = answer.units?.map(unit => unit.text.trim() || nameOf(answer.tokens[unit.tokens[0]])) ?? answer.tokens.map(nameOf);
  const generated = (answer.generated ?? []).map(token => token.text || token.token);
  const all = kind === "self" || (kind === "cross" && ofKeys) ? [...read, ...generated] : [START, ...generated];
  return count <= all.length ? all.slice(0, count) : upTo(count).map(String);
}

const upTo = count => Array.from({ length: count }, (_, index) => index);

function headView(answer, chosen, single, kind) {
  const layers = single ? upTo(single.layers) : answer.layers;
  const heads = single ? upTo(single.heads) : answer.heads;
  const weightsOf = (layer, head) => answer.attention[answer.layers.indexOf(layer)]?.[answer.heads.indexOf(head)] ?? null;
  const weights = weightsOf(chosen.layer, chosen.head) ?? answer.attention[0][0];
  const grid = headGrid(layers, heads, weightsOf, chosen, (layer, head) => changeOptions("attention", { layer: String(layer), head: String(head) }));
  if (readsPictures(current())) return [h("div", { class: "attention-columns" }, grid, patchAttention(answer, weights, `Layer ${chosen.layer}, head ${chosen.head}`)), notes(answer)];
  return [
    stage([], { hint: "Press a word to remove it and watch the heads." }),
    h("div", { class: "attention-columns" }, grid, between(answer, weights, `Layer ${chosen.layer}, head ${chosen.head}`, kind)),
    single ? h("p", { class: "facts" }, "The text is long: each head is fetched when it is chosen.") : null,
    notes(answer),
  ];
}

/** A head that is pressed is off: what is said without it. */
function ablationView(answer) {
  const chosen = chosenHead(Math.max(...answer.head_layers) + 1, answer.heads[0].length);
  return [
    stage([], { hint: "Press a word to remove it and watch which heads matter." }),
    ablation(answer, state.options.attention?.layer === undefined ? null : chosen, (layer, head) => changeOptions("attention", { layer, head })),
    notes(answer),
  ];
}

function combinedView(answer, values) {
  const label = attention.fields().at(0).choices.find(([choice]) => choice === values.aggregate)[1];
  const units = answer.scores && (answer.units ?? answer.tokens.filter(token => !token.special).map(token => ({ ...token, score: answer.scores[token.index] })));
  return [
    units ? stage(units, { legend: { toward: "what the model looked at" } }) : null,
    readsPictures(current()) ? patchAttention(answer, answer.matrix, label) : between(answer, answer.matrix, label, values.kind),
    notes(answer),
  ];
}

/** The lines and the heat map of one matrix; both follow the row that is pointed at. */
function between(answer, weights, caption, kind = "self") {
  const queries = names(answer, weights.length, kind, false), keys = names(answer, weights[0].length, kind, true);
  const line = readout("Move over a token to see what it looks at.");
  const row = Math.min(Number(state.options.attention?.row ?? 0) || 0, queries.length - 1);
  const reached = (index, how) => {
    heads.show(index);
    heat.mark(index);
    const strongest = weights[index].map((weight, to) => ({ weight, to })).sort((a, b) => b.weight - a.weight).slice(0, 3);
    line.say(isolated(queries[index]), " looks at ", ...strongest.flatMap(({ weight, to }, place) => [place ? ", " : "", isolated(keys[to]), ` ${number(weight)}`]));
    if (how === "click") remember("attention", { row: String(index) });
  };
  const heads = lines(weights, queries, keys, { reached, chosen: row });
  const heat = heatmap(weights, queries, keys, {
    caption: `${caption}: weights`,
    reached: (index, column) => {
      reached(index);
      line.say(isolated(queries[index]), " looks at ", isolated(keys[column]), ` ${number(weights[index][column], 4)}`);
    },
  });
  reached(row);
  return h("div", { class: "between" },
    line.element,
    h("div", { class: "columns" },
      h("figure", { class: "chart" }, h("figcaption", null, `${caption}: from the tokens on the left to those on the right`), h("div", { class: "scroll tall" }, heads.element)),
      heat.element));
}
