// How far a job is, in words and as a bar.

import { h } from "../dom.js";
import { duration } from "../numbers.js";

/** Whether a job may still change by itself. */
export const isActive = ({ state }) => state === "queued" || state === "running";

/** Whether a job has come to an end. */
export const isOver = ({ state }) => state === "succeeded" || state === "failed" || state === "cancelled";

export const count = value => value.toLocaleString("en");

const share = ({ rows, done }) => rows ? done / rows : 0;

/** "1,200 of 10,000 rows · 31 rows a second · about 5 min left" */
export function progressText({ state, progress, started, finished }) {
  const { rows, done, skipped, failed, rows_per_second: pace, seconds_left: left } = progress;
  return [
    `${count(done)} of ${count(rows)} ${rows === 1 ? "row" : "rows"}`,
    skipped ? `${count(skipped)} left out` : null,
    failed ? `${count(failed)} with a problem` : null,
    state === "running" && pace ? `${pace < 10 ? pace.toFixed(1) : count(Math.round(pace))} rows a second` : null,
    state === "running" && left > 0 ? `about ${duration(1000 * left)} left` : null,
    finished && started ? `took ${duration(new Date(finished) - new Date(started))}` : null,
  ].filter(Boolean).join(" · ");
}

/** A bar, and `update(job)`. */
export function jobBar() {
  const fill = h("div", { class: "progress-fill" });
  const element = h("div", { class: "progress known on", role: "progressbar", "aria-label": "Rows that are through", "aria-valuemin": "0", "aria-valuemax": "100" }, fill);
  return {
    element,
    update(job) {
      const hundredths = Math.floor(100 * share(job.progress));
      element.setAttribute("aria-valuenow", String(hundredths));
      element.dataset.state = job.state;
      fill.style.setProperty("--done", hundredths + "%");
    },
  };
}
