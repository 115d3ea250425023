// How long an explanation takes: what the last answers of the same kind took for an evaluation, scaled to the text at hand.

const known = new Map();

const kind = ({ path, body }) => `${body.model} ${path} ${body.method ?? body.algorithm ?? ""}`;

/** Learns from an answer. */
export function noticed(request, answer) {
  if (answer.evaluations > 0 && answer.elapsed_ms > 0 && answer.tokens?.length) known.set(kind(request), answer.elapsed_ms / answer.evaluations / answer.tokens.length);
}

/** Milliseconds that a request for so many evaluations takes; NaN: unknown. Until an answer of its kind has come, by the prediction's time. */
export function expected(request, evaluations, prediction) {
  const tokens = prediction?.tokens?.length;
  return evaluations * (known.get(kind(request)) * tokens || prediction?.elapsed_ms);
}
