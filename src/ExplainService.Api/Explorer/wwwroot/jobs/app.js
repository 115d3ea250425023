// Wires the page: jobs are begun, watched, opened, compared. What is opened stands in the address.

import { getModels } from "../api.js";
import { byId, h } from "../dom.js";
import { problemCard } from "../problem.js";
import { buildTheme } from "../themes.js";
import { getJob, listJobs } from "./api.js";
import { comparisonView } from "./compare.js";
import { newJob } from "./form.js";
import { jobView } from "./job.js";
import { jobList } from "./list.js";
import { watcher } from "./watch.js";

const jobs = new Map();
let older, opened, asked = 0;

const newestFirst = () => [...jobs.values()].sort((a, b) => new Date(b.created) - new Date(a.created));

const list = jobList(id => go({ job: id }), ids => {
  const button = byId("compare");
  button.disabled = ids.length !== 2;
  // The older one is the first, so that a difference is what has changed since.
  button.dataset.ids = ids.toReversed().join(".");
});

const watch = watcher(take);

const wanted = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

/** Opens a job, a comparison, or nothing. */
function go(fields) {
  const fragment = new URLSearchParams(fields).toString();
  if (location.hash.slice(1) === fragment) open();
  else location.hash = fragment;
}

/** A job as it is now. */
function take(job) {
  jobs.set(job.id, job);
  if (opened?.id === job.id) opened.update(job);
  draw();
}

function draw() {
  const all = newestFirst();
  list.show(all);
  // The opened one before the others.
  watch([...all.filter(job => job.id === opened?.id), ...all.filter(job => job.id !== opened?.id)]);
  list.mark(opened?.id);
  if (!all.length) byId("new").open = true;
  byId("none")?.remove();
  if (!all.length) byId("jobs").append(h("p", { id: "none", class: "hint" }, "No jobs yet: begin one above."));
}

/** A page of the list; without `after` the newest, beside what is shown already. */
async function load(after) {
  byId("jobs").setAttribute("aria-busy", "true");
  try {
    const page = await listJobs(after);
    for (const id of after ? [] : [...jobs.keys()]) if (id !== opened?.id) jobs.delete(id);
    for (const job of page.jobs) jobs.set(job.id, job);
    older = page.after;
    byId("older").hidden = !older;
    byId("jobs").replaceChildren(list.element);
    draw();
  } catch (problem) {
    byId("jobs").replaceChildren(problemCard(problem, () => load(after)));
  } finally {
    byId("jobs").setAttribute("aria-busy", "false");
  }
}

const show = nodes => {
  byId("opened").hidden = false;
  byId("opened").replaceChildren(...nodes);
};

async function open() {
  const { job: id, compare } = wanted();
  const mine = ++asked;
  opened = null;
  byId("opened").hidden = !id && !compare;
  try {
    if (id) {
      const job = await getJob(id);
      if (mine !== asked) return;
      const view = jobView(job, take, () => {
        jobs.delete(id);
        if (opened?.id !== id) return draw();
        opened = null;
        go({});
        byId("list").focus();
      });
      opened = { id, update: view.update };
      show([view.element]);
      take(job);
    } else if (compare) {
      const nodes = await comparisonView(compare.split(".").slice(0, 2));
      if (mine === asked) show(nodes);
    }
    if (!id) draw();
    if ((id || compare) && mine === asked) byId("opened").focus({ preventScroll: true });
    if (id || compare) byId("opened").scrollIntoView({ block: "nearest" });
  } catch (problem) {
    if (mine === asked) show([problemCard(problem, open)]);
  }
}

byId("compare").addEventListener("click", () => go({ compare: byId("compare").dataset.ids }));
byId("reload").addEventListener("click", () => load());
byId("older").addEventListener("click", () => load(older));
byId("skip").addEventListener("click", event => {
  event.preventDefault();
  byId("list").focus();
});
window.addEventListener("hashchange", open);
buildTheme();
await load();
await open();
try {
  byId("form").replaceChildren(newJob(await getModels(), job => {
    jobs.set(job.id, job);
    go({ job: job.id });
  }));
} catch (problem) {
  byId("form").replaceChildren(problemCard(problem, () => location.reload()));
}
