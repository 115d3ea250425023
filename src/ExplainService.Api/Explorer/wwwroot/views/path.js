// f along the straight line from the baseline to the text: what integrated gradients integrate over.

import { h, svg } from "../dom.js";
import { number, sum } from "../numbers.js";

/** The curve of `path`, and how far the scores are from adding up. */
export function path({ image, path: points, completeness_error: error, units, tokens, steps }) {
  const values = points.map(point => point.value);
  const low = Math.min(...values), high = Math.max(...values), span = high - low || 1;
  const x = alpha => (600 * alpha).toFixed(1), y = value => (8 + 124 * (high - value) / span).toFixed(1);
  const total = sum((tokens?.some(token => token.score !== undefined) ? tokens : units).map(item => item.score ?? 0));
  const whole = image ? "picture" : "text";
  return h("figure", { class: "chart" },
    h("figcaption", null, `Path: f from the baseline (left) to the ${whole} (right), ${steps} steps`),
    h("div", { class: "curve" },
      h("span", { class: "curve-high" }, number(high)), h("span", { class: "curve-low" }, number(low)),
      svg("svg", { viewBox: "0 0 600 140", preserveAspectRatio: "none", role: "img", "aria-label": `f goes from ${number(values[0])} to ${number(values.at(-1))}` },
        svg("path", { class: "area", d: `M0 140 ${points.map(point => `L${x(point.alpha)} ${y(point.value)}`).join(" ")} L600 140 Z` }),
        svg("polyline", { class: "line", points: points.map(point => `${x(point.alpha)},${y(point.value)}`).join(" ") }))),
    h("p", { class: "facts" },
      `Σ scores ${number(total, 4)} · f(${whole}) − f(baseline) ${number(values.at(-1) - values[0], 4)} · completeness error `,
      h("strong", { data: { completeness: error } }, number(error, 4))));
}
