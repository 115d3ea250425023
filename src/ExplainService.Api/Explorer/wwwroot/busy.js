// A progress bar for whatever takes longer than half a second. Its place is reserved: showing it moves nothing.

import { h } from "./dom.js";
import { duration } from "./numbers.js";

const PATIENCE = 500;
const TICK = 200;

/** What takes less is over before it could be read how long it takes. */
const WORTH_SAYING = 2000;

/** An estimate never claims to be done. */
const ALMOST = 0.95;

/** A bar with `start()`, `expect(milliseconds)`, `report(done, total)` and `stop()`; `cancel` is what its button does, left out: no button. */
export function progressBar(cancel) {
  const fill = h("div", { class: "progress-fill" });
  const bar = h("div", { class: "progress", role: "progressbar", "aria-label": "Working", "aria-valuemin": "0", "aria-valuemax": "100" }, fill);
  const estimate = h("span", { class: "estimate" });
  const button = cancel ? h("button", { type: "button", class: "small", "aria-label": "Cancel the explanation", on: { click: cancel } }, "Cancel") : null;
  const element = h("div", { class: "working" }, bar, estimate, button);
  let timer, ticks, started, counted;
  const fillTo = share => {
    const hundredths = Math.round(100 * Math.min(1, share));
    bar.classList.add("known");
    bar.setAttribute("aria-valuenow", String(hundredths));
    fill.style.setProperty("--done", hundredths + "%");
  };
  const stop = () => {
    clearTimeout(timer);
    clearInterval(ticks);
    bar.classList.remove("on");
  };
  return {
    element, stop,
    start() {
      stop();
      bar.removeAttribute("aria-valuenow");
      bar.classList.remove("known");
      estimate.textContent = "";
      started = performance.now();
      counted = false;
      timer = setTimeout(() => bar.classList.add("on"), PATIENCE);
    },
    /** Fills the bar by time, and says how long it will be, where that is known and worth saying. */
    expect(milliseconds) {
      if (!(milliseconds >= WORTH_SAYING)) return;
      const tick = () => {
        const gone = performance.now() - started;
        if (!counted) fillTo(Math.min(ALMOST, gone / milliseconds));
        estimate.textContent = gone < milliseconds ? `about ${duration(milliseconds - gone)} left` : "longer than expected";
      };
      tick();
      ticks = setInterval(tick, TICK);
    },
    report(done, total) {
      counted = true;
      fillTo(done / total);
    },
  };
}
