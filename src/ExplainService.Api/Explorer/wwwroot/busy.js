// A progress bar for whatever takes longer than half a second. Its place is reserved: showing it moves nothing.

import { h } from "./dom.js";

const PATIENCE = 500;

/** A bar with `start(label)`, `report(done, total)` and `stop()`. */
export function progressBar() {
  const fill = h("div", { class: "progress-fill" });
  const bar = h("div", { class: "progress", role: "progressbar", "aria-label": "Working", "aria-valuemin": "0", "aria-valuemax": "100" }, fill);
  let timer;
  const show = visible => bar.classList.toggle("on", visible);
  return {
    element: bar,
    start() {
      clearTimeout(timer);
      bar.removeAttribute("aria-valuenow");
      bar.classList.remove("known");
      timer = setTimeout(() => show(true), PATIENCE);
    },
    report(done, total) {
      const share = Math.round(100 * Math.min(1, done / total));
      bar.classList.add("known");
      bar.setAttribute("aria-valuenow", String(share));
      fill.style.setProperty("--done", share + "%");
    },
    stop() {
      clearTimeout(timer);
      show(false);
    },
  };
}
