// The prediction, at once: an answer that a later text has overtaken is dropped.

import { explain } from "./api.js";
import { progressBar } from "./busy.js";
import { byId, h } from "./dom.js";
import { current } from "./models.js";
import { hasPicture, missing, readsPictures } from "./picture.js";
import { predictionView } from "./prediction.js";
import { problemCard } from "./problem.js";
import { compose } from "./request.js";
import { sent, state } from "./state.js";

const progress = progressBar();
const body = h("div");
let running;
let latest = null;
let drawnFor;

export function buildPrediction() {
  byId("prediction").append(progress.element, body);
}

/** The last answer; null where there is none for the text as it stands. */
export const predicted = () => latest;

export const showProblem = (problem, retry) => body.replaceChildren(problemCard(problem, retry));

/** Asks for the prediction and draws it. Returns whether this call's answer (or failure) is the one that is shown. */
export async function predict() {
  running?.abort();
  const abort = running = new AbortController();
  progress.stop();
  latest = null;
  if (!current() || !(readsPictures(current()) ? hasPicture(current()) : sent("text").text.trim())) {
    body.replaceChildren(h("p", { class: "hint" }, readsPictures(current()) ? missing(current()) : current() ? "Type a text to see what the model says." : "Choose a model."));
    return true;
  }
  // What another model said is no prediction of this one.
  if (drawnFor !== current().name) body.replaceChildren(h("p", { class: "hint", role: "status" }, `Asking ${current().name}\u2026`));
  drawnFor = current().name;
  progress.start();
  const started = performance.now();
  try {
    const answer = await explain(compose("/predict", {}, current()), abort.signal);
    const took = performance.now() - started;
    const whole = state.removed.length && !readsPictures(current()) ? await explain(wholeText(), abort.signal).catch(() => null) : null;
    if (abort.signal.aborted) return false;
    latest = answer;
    body.replaceChildren(...predictionView(answer, whole, took).flat(2).filter(Boolean));
  } catch (problem) {
    if (abort.signal.aborted) return false;
    showProblem(problem, predict);
  } finally {
    if (running === abort) progress.stop();
  }
  return true;
}

function wholeText() {
  const { path, body: fields } = compose("/predict", {}, current());
  return { path, body: { ...fields, text: state.text, ...(state.pair ? { pair: state.pair } : {}) } };
}
