// Wires the page: what is typed becomes a prediction, then the explanation of the chosen tab.

import { buildTheme } from "./themes.js";
import { byId, debounced, h } from "./dom.js";
import { examples } from "./examples.js";
import { comparesLabels, FIRST } from "./labels.js";
import { current, drawModel, exampleTexts, firstModel, loadModels, named, note, refresh } from "./models.js";
import { createPanel } from "./panel.js";
import { buildPictureInput, drawPicture } from "./pictureinput.js";
import { buildPrediction, predict, predicted, showProblem } from "./predictor.js";
import { drawPicker, drawQuestion } from "./question.js";
import { roving } from "./roving.js";
import { canUndo, change, fromFragment, onChange, restore, state, undo } from "./state.js";
import { isGeneration, learn } from "./target.js";

const TYPING = 90;
const THINKING = 250;
const CHOOSING = 120;

// In their order; each is the module and the export of its name.
const tabs = Object.entries({
  saliency: "Saliency", attention: "Attention", occlusion: "Occlusion", shapley: "Shapley", lime: "LIME", permutation: "Permutation",
  layers: "Layers", neurons: "Neurons", comparison: "Comparison", counterfactual: "Counterfactual", generation: "Generation",
}).map(([id, label]) => ({ id, label }));
const panels = new Map(tabs.map(({ id }) => [id, createPanel(id, async () => (await import(`./tabs/${id}.js`))[id], { model: current, prediction: predicted })]));

const explainSoon = debounced(() => panels.get(state.tab).update());
const predictSoon = debounced(async pause => {
  if (!await predict()) return;
  learn(predicted());
  if (!current()?.supports) await learnModel();
  else if (!isGeneration(current())) drawQuestion();
  // Costlier than a prediction: it waits for a pause in the typing.
  explainSoon(pause);
});

async function learnModel() {
  if (!current()) return;
  await refresh(state.model).catch(() => undefined);
  drawAll();
}

function drawAll() {
  drawModel();
  drawQuestion();
  for (const panel of panels.values()) panel.drawControls();
}

function buildTabs() {
  for (const tab of tabs) {
    byId("tabs").append(h("button", {
      type: "button", role: "tab", id: "tab-" + tab.id, "aria-controls": "panel-" + tab.id, on: { click: () => change({ tab: tab.id }) },
    }, tab.label));
    byId("panels").append(panels.get(tab.id).element);
  }
  roving(byId("tabs"), "[role=tab]:not([hidden])", { moved: tab => tab.click() });
  showTab();
}

function showTab() {
  for (const { id } of tabs) {
    const chosen = id === state.tab;
    panels.get(id).element.hidden = !chosen;
    byId("tab-" + id).setAttribute("aria-selected", String(chosen));
    byId("tab-" + id).tabIndex = chosen ? 0 : -1;
    if (chosen) reveal(byId("tab-" + id));
    if (!chosen) panels.get(id).stop();
  }
}

/** On a narrow page the row of tabs scrolls: the chosen one is in sight. */
function reveal(tab) {
  const row = byId("tabs");
  row.scrollLeft = Math.min(Math.max(row.scrollLeft, tab.offsetLeft + tab.offsetWidth - row.offsetLeft - row.clientWidth), tab.offsetLeft - row.offsetLeft);
}

function drawInputs() {
  for (const side of ["text", "pair", "labels"]) if (byId(side).value !== state[side]) byId(side).value = state[side];
  byId("undo").disabled = !canUndo();
  byId("restore").disabled = !state.removed.length;
  const count = state.removed.length;
  byId("removal-hint").textContent = count ? `${count} ${count === 1 ? "part" : "parts"} removed.` : "Press a word of the explanation to remove it.";
}

onChange(fields => {
  const changed = (...names) => names.some(name => fields.includes(name));
  drawInputs();
  if (changed("picture")) drawPicture();
  if (changed("model")) {
    drawAll();
    for (const panel of panels.values()) panel.forget();
  }
  if (changed("tab")) showTab();
  if (changed("target")) drawPicker();
  if (changed("overflow")) drawQuestion();
  // Words are replaced by other things than patches.
  if (changed("granularity") && comparesLabels(current())) for (const panel of panels.values()) panel.drawControls();
  // What a generating model writes depends on its target too.
  if (changed("model", "text", "pair", "picture", "labels", "removed", "overflow") || (changed("target") && isGeneration(current()))) {
    if (changed("removed") && !changed("text", "pair")) predictSoon(0, 0);
    else predictSoon(TYPING, THINKING);
  } else explainSoon(changed("tab") ? 0 : CHOOSING);
});

/** Another model: its task's first example where the task is another, and the tab that its task is for. */
function chooseModel(name) {
  const chosen = named(name);
  const first = chosen.task === current()?.task ? null : examples[chosen.task]?.[0];
  learn(null);
  note(null);
  const tab = isGeneration(chosen) ? "generation" : state.tab === "generation" ? "saliency" : state.tab;
  change({ model: name, target: {}, tab, ...firstLabels(chosen, state.labels), ...(chosen.task === current()?.task ? {} : { granularity: "" }), ...(first ? { ...exampleTexts(first), removed: [] } : {}) });
}

/** A model that compares pictures with labels is shown some. */
const firstLabels = (model, labels) => comparesLabels(model) && !labels ? { labels: FIRST } : {};

/** Shows what a link says, or the default model with its first example; `kept` is what no link holds. */
function open(fragment, kept = {}) {
  const read = fromFragment(fragment);
  const model = named(read?.model) ?? firstModel();
  note(read?.model && !named(read.model) ? read.model : null);
  const first = examples[model?.task]?.[0];
  const wanted = { removed: [], ...(read ?? (first ? exampleTexts(first) : {})), model: model?.name ?? "" };
  if (!panels.has(wanted.tab) || (wanted.tab === "generation" && !isGeneration(model))) wanted.tab = isGeneration(model) ? "generation" : "saliency";
  change({ ...wanted, ...firstLabels(model, wanted.labels), ...kept });
}

function listen() {
  for (const side of ["text", "pair", "labels"]) byId(side).addEventListener("input", () => change({ [side]: byId(side).value }));
  byId("model").addEventListener("change", () => chooseModel(byId("model").value));
  byId("example").addEventListener("change", () => {
    const chosen = examples[current()?.task]?.[byId("example").value];
    if (chosen) change({ ...exampleTexts(chosen), removed: [] });
  });
  byId("undo").addEventListener("click", undo);
  byId("restore").addEventListener("click", restore);
  // The fragment is the state's: the skip link must not write into it.
  byId("skip").addEventListener("click", event => {
    event.preventDefault();
    byId("panel-area").focus();
  });
  window.addEventListener("hashchange", () => open(location.hash));
}

buildPrediction();
buildPictureInput();
buildTabs();
buildTheme();
listen();
try {
  await loadModels();
  // A picture may have been brought meanwhile.
  open(location.hash, { picture: state.picture });
} catch (problem) {
  showProblem(problem, () => location.reload());
}
