// What went wrong, in the service's own words.

import { h } from "./dom.js";
import { keepKey, keptKey } from "./key.js";
import { change } from "./state.js";

/** A problem as a card; `retry` runs the request again, by itself once `Retry-After` has passed. */
export function problemCard(problem, retry) {
  const button = h("button", { type: "button", on: { click: retry } }, "Try again");
  let left = Math.ceil(problem.retryAfter ?? 0);
  if (left > 0) {
    const say = () => (button.textContent = `Trying again in ${left} s`);
    say();
    const timer = setInterval(() => {
      if (button.isConnected && --left > 0) return say();
      clearInterval(timer);
      if (button.isConnected) retry();
    }, 1000);
  }
  return h("div", { class: "problem", role: "alert" },
    h("h3", null, problem.title ?? "The page failed"),
    h("p", null, problem.detail ?? problem.message),
    fields(problem.errors),
    asksForKey(problem) ? keyForm(retry) : null,
    h("p", { class: "facts" }, problem.status ? `HTTP ${problem.status}` : "", problem.traceId ? ` · trace ${problem.traceId}` : ""),
    h("div", { class: "row" }, tooLong(problem) ? [overflow("Read it in windows", "window"), overflow("Cut it", "truncate")] : null, button));
}

/** Whether another key would do. */
const asksForKey = ({ status, errors }) => status === 401 || (status === 403 && keptKey() !== null && !errors?.model);

/** Asks for the key; what was refused is asked again with it. */
function keyForm(retry) {
  const input = h("input", { type: "password", name: "key", required: true, autocomplete: "off", spellcheck: "false", "aria-label": "Key" });
  const use = event => {
    event.preventDefault();
    keepKey(input.value.trim());
    retry();
  };
  return h("form", { class: "row key-form", on: { submit: use } },
    h("label", { class: "field" }, "Key ", input), h("button", { type: "submit" }, "Use this key"),
    h("p", { class: "hint" }, "It is kept for this tab alone, and sent to this service alone."));
}

/** Whether the text is longer than the model reads, which a request may allow. */
const tooLong = ({ status, errors }) => status === 422 && ["text", "pair"].some(name => [].concat(errors?.[name] ?? []).some(sentence => sentence.includes("overflow")));

const overflow = (label, how) => h("button", { type: "button", on: { click: () => change({ overflow: how }) } }, label);

function fields(errors) {
  const names = Object.keys(errors ?? {});
  return names.length ? h("dl", null, names.map(name => [h("dt", null, h("code", null, name)), h("dd", null, [].concat(errors[name]).join("; "))])) : null;
}

/** Why a model cannot do what a tab is for. */
export const refusal = reason => h("div", { class: "problem plain" }, h("h3", null, "Not for this model"), h("p", null, reason));
