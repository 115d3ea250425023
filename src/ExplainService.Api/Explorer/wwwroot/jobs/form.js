// A new job: what is done, by which model, over which rows.

import { getModel } from "../api.js";
import { changed, form, valuesOf } from "../controls.js";
import { h } from "../dom.js";
import { problemCard } from "../problem.js";
import { postJob } from "./api.js";
import { kindOf, kinds } from "./kinds.js";

const sources = [["file", "A file that is uploaded"], ["texts", "Texts that are pasted"], ["path", "A file on the server"]];
const ended = ["job", "An earlier job: no model is asked"];

const answer = [
  ["ndjson", "NDJSON"], ["csv", "CSV"], ["parquet", "Parquet"],
];

const more = [
  { name: "text", label: "Column of the text", kind: "text", placeholder: "text" },
  { name: "label", label: "Column of the label", kind: "text", placeholder: "label" },
  { name: "pair", label: "Column of a second text", kind: "text", placeholder: "pair" },
  { name: "id", label: "Column of the row’s name", kind: "text", placeholder: "id" },
  { name: "slice", label: "Column that tells groups apart", kind: "text", placeholder: "none" },
  { name: "probability_below", label: "Only less probable than", kind: "number", min: 0, max: 1, step: 0.01, placeholder: "any" },
  { name: "wrong", label: "Only predictions that are", kind: "select", initial: "", choices: [["", "any"], ["true", "wrong"], ["false", "right"]] },
  { name: "format", label: "Results as", kind: "select", initial: "ndjson", choices: answer },
  { name: "request", label: "More fields of the request (JSON)", kind: "text", placeholder: "{\"max_evaluations\": 128}" },
];

const given = fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "" && value !== undefined));

const some = fields => Object.keys(given(fields)).length ? given(fields) : undefined;

/** Sixteen random bytes: randomUUID is not there for pages that come without TLS. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");

/** The object that a field of JSON holds. */
function parsed(text) {
  if (!text.trim()) return {};
  const value = JSON.parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new SyntaxError("it must be an object: {…}");
  return value;
}

/**
 * The form.
 * @param list the service's models: { models, default }.
 * @param posted called with the job that was begun.
 */
export function newJob({ models, default: preferred }, posted) {
  let chosen = {};
  // A press whose answer was lost is pressed again: the same job, once.
  let attempt = {};
  const usable = models.filter(model => model.state !== "broken");
  const known = new Map();
  const first = h("div", { class: "row controls" });
  const further = h("div", { class: "row controls" });
  const problem = h("div");
  const file = h("input", { type: "file", name: "file", accept: ".csv,.tsv,.ndjson,.jsonl,.parquet,.gz,.zst" });
  const texts = h("textarea", { name: "texts", rows: 5, dir: "auto", spellcheck: "false", placeholder: "One text a line" });
  const help = h("p", { class: "hint", id: "kind-help" });
  const places = { file: h("label", { class: "field" }, h("span", null, "File: CSV, TSV, NDJSON or Parquet, packed or not"), file), texts: h("label", { class: "field" }, h("span", null, "Texts"), texts) };
  const start = h("button", { type: "submit", class: "primary" }, "Start");

  const methods = values => {
    const asks = kindOf(values.kind).asks;
    const supports = known.get(values.model)?.supports;
    return asks && supports ? Object.entries(supports).filter(([feature, support]) => support.supported && asks([feature, support])) : [];
  };

  function fields() {
    const base = [
      { name: "kind", label: "What is done", kind: "select", initial: "explain", choices: kinds.map(({ id, label }) => [id, label]) },
      { name: "model", label: "Model", kind: "select", initial: preferred ?? usable[0]?.name ?? "", choices: usable.map(({ name }) => [name, name]) },
    ];
    const values = valuesOf(base, chosen);
    const choices = methods(values).map(([feature, { title }]) => [feature, title]);
    return [
      ...base,
      ...choices.length ? [{ name: "method", label: "Method", kind: "select", initial: choices.find(([feature]) => feature === "occlusion")?.[0] ?? choices[0][0], choices }] : [],
      ...kindOf(values.kind).fields ?? [],
      { name: "source", label: "Rows from", kind: "select", initial: "file", choices: kindOf(values.kind).ofJobs ? [...sources, ended] : sources },
      { name: "path", label: "Path below the input folder", kind: "text", placeholder: "reviews.csv", when: ({ source }) => source === "path" },
      { name: "job", label: "Job whose answers are compared (its id)", kind: "text", when: ({ source }) => source === "job" },
      { name: "name", label: "Name", kind: "text", placeholder: "none" },
    ];
  }

  function draw() {
    const all = fields(), values = valuesOf(all, chosen);
    const report = list => patch => {
      chosen = changed(chosen, patch);
      if (list.find(field => field.name in patch).kind === "select") draw();
      if ("model" in patch) learn();
    };
    const focused = first.contains(document.activeElement) ? document.activeElement.name : null;
    first.replaceChildren(...form(all, chosen, report(all)));
    further.replaceChildren(...form(more, chosen, report(more)));
    if (focused) first.querySelector(`[name="${focused}"]`)?.focus();
    for (const [source, element] of Object.entries(places)) element.hidden = source !== values.source;
    help.textContent = kindOf(values.kind).help ?? "";
  }

  /** What a model allows is known once it is loaded. */
  async function learn() {
    const { model } = valuesOf(fields(), chosen);
    if (!model || known.has(model)) return;
    try {
      known.set(model, await getModel(model));
      draw();
    } catch (refused) {
      say(refused);
    }
  }

  const say = refused => problem.replaceChildren(...refused ? [problemCard(refused, () => element.requestSubmit())] : []);

  function jobOf() {
    const values = valuesOf(fields(), chosen), extra = valuesOf(more, chosen);
    const support = known.get(values.model)?.supports?.[values.method];
    const lines = texts.value.split("\n").map(line => line.trim()).filter(Boolean);
    const request = values.source === "job" ? undefined : { model: values.model, ...support ? { endpoint: support.path, ...support.request } : {}, ...given(kindOf(values.kind).request?.(values) ?? {}), ...parsed(extra.request) };
    return {
      file: values.source === "file" ? file.files[0] : undefined,
      job: given({
        kind: values.kind, name: values.name, request,
        input: values.source === "texts" ? { texts: lines } : values.source === "path" ? { path: values.path } : values.source === "job" ? { job: values.job } : undefined,
        columns: some({ text: extra.text, label: extra.label, pair: extra.pair, id: extra.id, slice: extra.slice }),
        only_if: some({ probability_below: extra.probability_below, wrong: extra.wrong === "" ? undefined : extra.wrong === "true" }),
        output: extra.format === "ndjson" ? undefined : { format: extra.format },
        ...kindOf(values.kind).job?.(values),
      }),
    };
  }

  async function submit(event) {
    event.preventDefault();
    start.disabled = true;
    try {
      const { job, file: sent } = jobOf();
      const content = JSON.stringify([job, sent && [sent.name, sent.size, sent.lastModified]]);
      if (attempt.content !== content) attempt = { content, key: newKey() };
      const begun = await postJob(job, sent, attempt.key);
      attempt = {};
      say(null);
      posted(begun);
    } catch (refused) {
      say(refused instanceof SyntaxError ? { title: "These fields cannot be read", detail: `More fields of the request: ${refused.message}` } : refused);
    } finally {
      start.disabled = false;
    }
  }

  const element = h("form", { class: "new-job", on: { submit } },
    first, help, places.file, places.texts,
    h("details", null, h("summary", null, "Columns, which rows, results"), further),
    h("div", { class: "row" }, start), problem);
  draw();
  learn();
  return element;
}
