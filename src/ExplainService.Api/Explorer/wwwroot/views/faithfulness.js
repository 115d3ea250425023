// How faithful methods are: their figures beside those of random rankings, and what the model says while words go or come back.

import { h, isolated, svg } from "../dom.js";
import { fixed, number } from "../numbers.js";

/** Whether the smaller figure is the better one, and what it is in words. */
const metrics = {
  area: [false, "Area", "least relevant removed first, less most relevant first"], comprehensiveness: [false, "Comprehensiveness", "the fall without the strongest"],
  sufficiency: [true, "Sufficiency", "the fall with the strongest alone"], deletion_auc: [true, "Deletion", "area while the strongest go"],
  insertion_auc: [false, "Insertion", "area while the strongest come back"],
};

/** Two standard deviations of what random rankings get. */
const CLEAR = 2;

/** A table of methods by metrics, and their curves where the answer has them. */
export function faithfulness({ methods, recommendation }) {
  const names = Object.keys(metrics).filter(name => methods.some(method => method.metrics[name]));
  const replacements = [...new Set(methods.flatMap(method => names.flatMap(name => Object.keys(method.metrics[name] ?? {}))))];
  const cell = (method, name, replacement) => {
    const figure = method.metrics[name]?.[replacement];
    const better = (metrics[name][0] ? -1 : 1) * (figure?.z ?? 0);
    return h("td", { class: better >= CLEAR ? "pos" : better <= -CLEAR ? "neg" : "nil", vars: { a: Math.min(100, Math.round(20 * Math.abs(better))) }, data: { value: figure?.value } },
      figure?.value === undefined ? "" : number(figure.value), figure?.z === undefined ? null : h("small", null, ` z ${fixed(figure.z, 1)}`));
  };
  return [
    h("figure", { class: "chart" },
      h("figcaption", null, "Faithfulness: z tells how far a figure is from that of random rankings, coloured where it is clearly better (blue) or worse"),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Faithfulness by method" },
        h("table", { class: "compare faithful" },
          h("thead", null,
            h("tr", null, h("td"), names.map(name => h("th", { scope: "colgroup", colspan: replacements.length, title: metrics[name][2] }, metrics[name][1], h("small", null, metrics[name][0] ? " less is better" : " more is better")))),
            h("tr", null, h("th", { scope: "col" }, "Method"), names.flatMap(() => replacements.map(replacement => h("th", { scope: "col" }, replacement))))),
          h("tbody", null, methods.map(method => h("tr", { class: method.name === recommendation?.name ? "recommended" : undefined },
            h("th", { scope: "row" }, isolated(method.name)), names.flatMap(name => replacements.map(replacement => cell(method, name, replacement))))))))),
    curves(methods, replacements[0]),
  ];
}

/** Small pictures side by side, one a method: what the model says while the strongest units go (dashed) and come back. */
function curves(methods, replacement) {
  const drawn = methods.filter(method => method.metrics.deletion_auc?.[replacement]?.curve);
  if (!drawn.length) return null;
  const lines = method => ["deletion_auc", "insertion_auc"].map(name => method.metrics[name]?.[replacement]?.curve).filter(Boolean);
  const last = drawn[0].metrics.deletion_auc[replacement].curve.length - 1 || 1;
  const x = k => (200 * k / last).toFixed(1), y = value => (100 - 100 * value).toFixed(1);
  const band = curve => curve.every(point => point.random) ? svg("polygon", { class: "band", points: [
    ...curve.map(point => `${x(point.k)},${y(point.random.mean + point.random.sd)}`), ...[...curve].reverse().map(point => `${x(point.k)},${y(point.random.mean - point.random.sd)}`)].join(" ") }) : [];
  return h("figure", { class: "chart" },
    h("figcaption", null, `The probability while the strongest units go (dashed) or come back (solid), replaced by ${replacement}; grey: random rankings`),
    h("div", { class: "small-curves" }, drawn.map(method => h("div", null,
      svg("svg", { viewBox: "0 0 200 100", preserveAspectRatio: "none", role: "img", "aria-label": `${method.name}: deletion ${number(method.metrics.deletion_auc[replacement].value)}` },
        lines(method).map(band),
        lines(method).map((curve, place) => svg("polyline", { class: place ? "line" : "line gone", points: curve.map(point => `${x(point.k)},${y(point.value)}`).join(" ") }))),
      h("span", { class: "facts" }, isolated(method.name))))));
}
