// One job: how far it is, what can be done with it, what it has found.

import { h, isolated, saveAs } from "../dom.js";
import { keptKey } from "../key.js";
import { problemCard } from "../problem.js";
import { changeJob, deleteJob, fileOf, getSummary, placeOf } from "./api.js";
import { kindOf } from "./kinds.js";
import { nameOf } from "./list.js";
import { count, isOver, jobBar, progressText } from "./progress.js";
import { summaryView } from "./summary.js";

/** Milliseconds between two looks at the results of a job that runs. */
const LOOK = 4000;

const actions = [
  ["pause", "Pause", ({ state }) => state === "queued" || state === "running"],
  ["resume", "Resume", ({ state }) => state === "paused" || state === "failed"],
  ["cancel", "Cancel", job => !isOver(job)],
];

function facts({ id, kind, input, request, only_if: filter, created, model_sha256: hashes }) {
  const { model, ...rest } = request ?? {};
  const entries = [
    ["Does", kindOf(kind).label], ["Model", model], ["Asks", Object.keys(rest).length ? JSON.stringify(rest) : null],
    ["Rows", input.job ? `those of job ${input.job}, with its answers` : input.name ? `${input.name}, ${count(input.bytes)} bytes` : "pasted texts"], ["Only", filter ? JSON.stringify(filter) : null],
    ["Posted", new Date(created).toLocaleString("en")], ["Model’s SHA-256", hashes?.map(hash => hash.slice(0, 12)).join(", ")], ["Id", id],
  ];
  return h("dl", { class: "job-facts" }, entries.filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd", null, isolated(value))]));
}

/**
 * The opened job.
 * @param job the job.
 * @param changed called with the job after it was changed here.
 * @param removed called once it is gone.
 */
export function jobView(job, changed, removed) {
  let now = job, looked = -Infinity, looking = false, again = false;
  const bar = jobBar();
  const state = h("strong", { class: "state" });
  const told = h("span", { class: "facts", "aria-live": "polite" });
  const error = h("p", { class: "broken", role: "alert", hidden: true });
  const about = h("div", null, facts(job));
  const summary = h("div", { class: "summary" });
  const problem = h("div");
  // A link sends no key: with one its file is fetched and saved.
  const link = (what, label, more) =>
    h("a", { class: "button", href: placeOf(job.id, what), ...more, on: { click: event => keptKey() && (event.preventDefault(), save(what)) } }, label);
  const save = async what => {
    try {
      problem.replaceChildren();
      const { blob, name } = await fileOf(job.id, what);
      saveAs(blob, name ?? `${job.id}-${what.split("?")[0]}`);
    } catch (refused) {
      problem.replaceChildren(problemCard(refused, () => save(what)));
    }
  };
  const evidence = link("evidence", "Evidence (zip)", { download: "" });
  const act = action => async () => {
    try {
      problem.replaceChildren();
      changed(await changeJob(job.id, action));
    } catch (refused) {
      problem.replaceChildren(problemCard(refused, act(action)));
    }
  };
  const buttons = actions.map(([action, label, may]) => ({ may, element: h("button", { type: "button", class: "small", data: { action }, on: { click: act(action) } }, label) }));
  const remove = async () => {
    if (!confirm(`Delete “${nameOf(now)}” with its texts and results?`)) return;
    try {
      await deleteJob(job.id);
      removed();
    } catch (refused) {
      problem.replaceChildren(problemCard(refused, remove));
    }
  };

  async function look() {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    again = false;
    looked = performance.now();
    try {
      summary.replaceChildren(...summaryView(await getSummary(job.id)));
    } catch (refused) {
      // Nothing has been worked on yet, or the job is gone.
      if (refused.status !== 404 && refused.status !== 409) summary.replaceChildren(problemCard(refused, look));
    } finally {
      looking = false;
    }
    if (again) look();
  }

  function update(next) {
    const ended = isOver(next) && !isOver(now);
    const moved = next.progress.done !== now.progress.done;
    if (next.model_sha256?.length !== now.model_sha256?.length) about.replaceChildren(facts(next));
    now = next;
    state.textContent = now.state;
    state.dataset.state = now.state;
    told.textContent = progressText(now);
    bar.update(now);
    error.hidden = !now.error;
    error.textContent = now.error ?? "";
    for (const { element: button, may } of buttons) button.hidden = !may(now);
    evidence.hidden = !isOver(now);
    if (ended || (moved && performance.now() - looked > LOOK)) look();
  }

  const element = h("div", { class: "job-view" },
    h("h2", { class: "job-title" }, isolated(nameOf(job))),
    h("div", { class: "row" }, state, told), bar.element, error,
    h("div", { class: "row", role: "toolbar", "aria-label": "This job" }, buttons.map(({ element: button }) => button),
      h("button", { type: "button", class: "small", data: { action: "delete" }, on: { click: remove } }, "Delete")),
    problem,
    h("div", { class: "row", role: "group", "aria-label": "What it has written" },
      link("report", "Report", { target: "_blank", rel: "noopener" }), link("summary", "Summary (JSON)", { target: "_blank", rel: "noopener" }),
      ["ndjson", "csv", "parquet"].map(format => link(`results?format=${format}`, `Results (${format === "parquet" ? "Parquet" : format.toUpperCase()})`, { download: "" })), evidence),
    about, summary);
  update(job);
  look();
  return { element, update };
}
