// One tab: its form, its requests, its picture. A tab module says what to ask and what to draw; everything else is here.

import { actions } from "./actions.js";
import { explain } from "./api.js";
import { progressBar } from "./busy.js";
import { form, valuesOf } from "./controls.js";
import { h } from "./dom.js";
import { expected, noticed } from "./pace.js";
import { explainsWords } from "./labels.js";
import { explainsPictures, hasPicture, missing, readsPictures } from "./picture.js";
import { problemCard, refusal } from "./problem.js";
import { changeOptions, sent, state } from "./state.js";
import { segments } from "./text.js";
import { explained } from "./views/explained.js";
import { stage } from "./views/stage.js";

/**
 * @param id the tab's name.
 * @param load fetches its module, when it is opened first: { id, pictures (or pictures(values, model)), fields(model), features(values),
 *   steps(values, context) → async steps, view(step, values, context) → nodes, evaluations?(values, words) → how many texts are scored for a
 *   text of so many words }
 * @param context { model(), prediction() }
 */
export function createPanel(id, load, context) {
  let tab;
  const controls = h("div", { class: "controls row" });
  const progress = progressBar(cancel);
  const view = h("div", { class: "view" });
  // Its place is kept, so that nothing moves when it is known.
  const subject = h("p", { class: "explained" });
  let shown = { requests: [], answers: [] };
  let running;
  const tools = actions(() => shown);
  const element = h("div", { role: "tabpanel", id: "panel-" + id, "aria-labelledby": "tab-" + id, class: "panel", hidden: true },
    controls, progress.element, subject, view);

  const unsupported = values => [tab.features(values)].flat().map(name => context.model()?.supports?.[name]).find(support => support && !support.supported)?.reason;

  async function fetchTab() {
    const module = await load();
    if (tab) return;
    tab = module;
    element.append(tools.element);
    drawControls();
  }

  function drawControls() {
    if (!tab) return;
    const chosen = state.options[id] ?? {};
    const fields = tab.fields(context.model());
    const focused = controls.contains(document.activeElement) ? document.activeElement.name : null;
    controls.replaceChildren(...form(fields, chosen, patch => {
      changeOptions(id, patch);
      // Other fields may come or go with this one; while someone types the form stays as it is.
      if (fields.find(field => field.name in patch).kind !== "text" && fields.find(field => field.name in patch).kind !== "number") drawControls();
    }, (field, choice) => field.feature ? context.model()?.supports?.[field.feature(choice)]?.reason : undefined));
    if (focused) controls.querySelector(`[name="${focused}"]`)?.focus();
  }

  // A press whose word is drawn anew before it ends would be no click on it: what is to be drawn waits for the end.
  let pressed = false, postponed = null;
  view.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => setTimeout(() => {
      pressed = false;
      const nodes = postponed;
      postponed = null;
      if (nodes) draw(nodes);
    }));
  }

  /** Draws nodes in place of the old ones and gives the focus back to what had it. */
  function draw(nodes) {
    if (pressed) {
      postponed = nodes;
      return;
    }
    const focused = view.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null;
    view.replaceChildren(...[nodes].flat(Infinity).filter(Boolean));
    if (focused) view.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  /** Says what is explained, in words and unit. */
  const say = step => subject.replaceChildren(...[(step && explained(step)) ?? []].flat(Infinity).filter(Boolean));

  /** Shows nothing of what was asked before: it was another model's. */
  function forget() {
    running?.abort();
    shown = { requests: [], answers: [] };
    say(null);
    draw(stage([]));
  }

  function fail(problem, request) {
    if (problem.name === "AbortError") return;
    if (!problem.title) console.error(problem);
    const { title, detail, status, errors, traceId } = problem;
    shown = { requests: request ? [request] : [], answers: [{ title, detail, status, errors, trace_id: traceId }] };
    say(null);
    draw([problemCard(problem, update), stage([])]);
  }

  function cancel() {
    running?.abort();
    progress.stop();
    view.setAttribute("aria-busy", "false");
    say(null);
    draw([h("div", { class: "problem plain" }, h("h3", null, "Cancelled"), h("button", { type: "button", data: { key: "again" }, on: { click: update } }, "Start again")), stage([])]);
    view.querySelector("[data-key=again]")?.focus({ preventScroll: true });
  }

  async function update() {
    running?.abort();
    progress.stop();
    // Until a tab's module is here, an empty view is not its answer.
    view.setAttribute("aria-busy", String(!tab));
    if (!tab) {
      try {
        await fetchTab();
      } catch (problem) {
        return fail(problem);
      } finally {
        view.setAttribute("aria-busy", "false");
      }
      // Another tab may have been opened meanwhile.
      if (element.hidden) return;
    }
    const values = valuesOf(tab.fields(context.model()), state.options[id]);
    tools.offer(picturesOf(typeof tab.pictures === "function" ? tab.pictures(values, context.model()) : tab.pictures, context.model()));
    if (!context.model()) return;
    if (readsPictures(context.model()) && !hasPicture(context.model())) {
      say(null);
      draw([h("p", { class: "hint" }, missing(context.model()))]);
      return;
    }
    if (!readsPictures(context.model()) && !sent("text").text.trim()) {
      say(null);
      draw([h("p", { class: "hint" }, state.text.trim() ? "Every word is removed: put one back." : "Type a text, or pick an example."), stage([])]);
      return;
    }
    const reason = unsupported(values);
    if (reason) {
      say(null);
      draw([refusal(reason), stage([])]);
      return;
    }
    // Another may have begun while the module of the tab was fetched.
    running?.abort();
    const abort = running = new AbortController();
    view.setAttribute("aria-busy", "true");
    // What went wrong before is not what is asked now.
    if (!view.firstChild || view.querySelector(".problem")) draw(stage([]));
    progress.start();
    let asked;
    const ask = async request => {
      const isFirst = !asked;
      asked = request;
      if (isFirst) progress.expect(expected(request, tab.evaluations?.(values, unitCount(context.model())) ?? 1, context.prediction()));
      const answer = await explain(request, abort.signal);
      noticed(request, answer);
      return answer;
    };
    const asking = { ...context, ask };
    try {
      for await (const step of tab.steps(values, asking)) {
        if (abort.signal.aborted) return;
        shown = step;
        if (step.total) progress.report(step.done, step.total);
        say(step);
        draw(tab.view(step, values, asking));
      }
    } catch (problem) {
      if (!abort.signal.aborted) fail(problem, asked);
    } finally {
      if (running === abort) {
        progress.stop();
        view.setAttribute("aria-busy", "false");
      }
    }
  }

  return { element, update, forget, drawControls, stop: () => running?.abort() };
}

/** About as many words has a label. */
const LABEL_WORDS = 6;

const wordCount = () => ["text", "pair"].reduce((count, side) => count + segments(sent(side).text).length, 0);

const unitCount = model => explainsWords(model) ? LABEL_WORDS : readsPictures(model) ? (model.limits?.image?.patch_rows ?? 14) * (model.limits?.image?.patch_columns ?? 14) : wordCount();

/** Pictures have views of their own in place of the text's. */
const picturesOf = (names, model) => !explainsPictures(model) ? names
  : names.includes("text") ? ["image", "patches", ...names.filter(name => name !== "text" && name !== "path")]
  : names.includes("heatmap") ? ["patch_attention", ...names] : names;

/** The steps of a tab that asks once. */
export async function* once(request, { ask }) {
  yield { requests: [request], answers: [await ask(request)] };
}
