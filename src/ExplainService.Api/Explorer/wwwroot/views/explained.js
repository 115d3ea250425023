// What the scores are scores of, in words and unit.

import { isolated } from "../dom.js";

const functions = { probability: "probability", logit: "logit", log_probability: "log probability" };
const units = { probability: "in points of probability", logit: "in logits", log_probability: "in nats (1 is a factor of e)" };

/** A class, or a vocabulary's entry without the letter that it writes for a space. */
const quoted = name => ["\u201C", isolated(name.replace(/^[\u0120\u2581](?=.)/u, "").trim() || name), "\u201D"];

function targetOf({ target, tokens = [], generated }) {
  if (target?.labels === "all") return ["each class"];
  const name = target?.label ?? target?.text;
  const place = tokens[target?.token];
  if (generated?.length && !target?.label) return ["each generated token"];
  return [
    name === undefined || name === null ? "what is predicted" : quoted(name),
    place ? [" at ", quoted(place.text || place.token)] : null,
  ];
}

/** What the target is compared with; f is then a difference. */
const ratherThan = ({ against }) => against ? [" less that of ", quoted(against.label ?? against.text ?? "another")] : null;

/** What is about no target, in words. */
const untargeted = ({ path, body }) =>
  path === "/attention" && body.aggregate !== "gradient_relevance" ? "What is shown: attention weights, as shares of 1 for each token that looks. They are about no target."
  : path === "/neurons" && !body.by ? "What is shown: activations of neurons. They are about no target."
  : path === "/counterfactual" ? `What is shown: changes of the ${body.image ? "picture" : "text"}, each confirmed by the model itself.`
  : null;

/** Nodes that name f and the unit of the scores of some answers; null where there is none yet. */
export function explained({ answers, requests }) {
  const place = Math.max(0, answers.findIndex(one => one.units));
  const answer = answers[place];
  if (!answer?.method) return null;
  const told = untargeted(requests[place]);
  if (told) return [told];
  const f = answer.prediction?.value !== undefined ? ["the value that the model predicts"]
    : answer.prediction?.similarity !== undefined ? ["the similarity of the two texts (cosine of their embeddings)"]
    : ["the ", functions[answer.objective] ?? "score", " of ", targetOf(answer), ratherThan(answer)];
  const unit = answer.unsigned ? "sizes alone, in no unit of it"
    : answer.prediction?.value !== undefined ? "in the unit of the value"
    : answer.prediction?.similarity !== undefined ? "in the unit of the similarity" : units[answer.objective] ?? "in its unit";
  return ["What is explained: ", f, ". Scores are ", unit, "."];
}
