// The jobs, newest first, each with how far it is.

import { h, isolated } from "../dom.js";
import { kindOf } from "./kinds.js";
import { jobBar, progressText } from "./progress.js";

/** What a job is called. */
export const nameOf = job => job.name || job.input.name || job.id.slice(0, 8);

const when = text => new Date(text).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

/**
 * One job's row, which changes in place, so that nothing under a pointer or a key is exchanged.
 * @param opened called when it is pressed.
 * @param picked called when it is chosen for a comparison, or no longer.
 */
function rowOf(job, opened, picked) {
  const bar = jobBar();
  const state = h("strong", { class: "state" });
  const facts = h("span", { class: "facts" });
  const pick = h("input", { type: "checkbox", name: "pick", "aria-label": `Compare ${nameOf(job)}`, on: { change: picked } });
  const open = h("button", { type: "button", class: "quiet open", on: { click: opened } }, isolated(nameOf(job)));
  const element = h("li", { class: "job", data: { id: job.id } },
    pick,
    h("div", { class: "what" }, open, h("span", { class: "facts" }, [kindOf(job.kind).label, job.request?.model, when(job.created)].filter(Boolean).join(" · "))),
    h("div", { class: "far" }, h("span", { class: "row" }, state, facts), bar.element));
  const update = now => {
    state.textContent = now.state;
    state.dataset.state = now.state;
    facts.textContent = progressText(now);
    bar.update(now);
  };
  update(job);
  return { element, update, pick };
}

/**
 * The list.
 * @param open called with the id of the job that is pressed.
 * @param chosen called with the ids that are chosen for a comparison.
 */
export function jobList(open, chosen) {
  const rows = new Map();
  const element = h("ul", { class: "jobs" });
  let order = [];
  const picks = () => order.filter(id => rows.get(id).pick.checked);
  const picked = () => {
    const ids = picks();
    // A third one would be compared with nobody.
    for (const [, row] of rows) row.pick.disabled = ids.length === 2 && !row.pick.checked;
    chosen(ids);
  };
  return {
    element,
    /** Shows these jobs, in this order. */
    show(jobs) {
      order = jobs.map(({ id }) => id);
      for (const id of [...rows.keys()]) if (!jobs.some(job => job.id === id)) rows.delete(id);
      for (const job of jobs) {
        if (!rows.has(job.id)) rows.set(job.id, rowOf(job, () => open(job.id), picked));
        rows.get(job.id).update(job);
      }
      const elements = jobs.map(job => rows.get(job.id).element);
      if (elements.some((row, place) => element.children[place] !== row) || element.children.length !== elements.length) element.replaceChildren(...elements);
      picked();
    },
    /** Marks the one that is opened. */
    mark(id) {
      for (const [own, { element: row }] of rows) row.classList.toggle("current", own === id);
    },
  };
}
