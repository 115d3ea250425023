// The head view: what looks on the left, what is looked at on the right, a line for every weight worth seeing.

import { h, isolated, svg } from "../dom.js";
import { roving } from "../roving.js";

const ROW = 26;
const WIDTH = 120;
const LINES = 400;

/**
 * @param weights [query][key]
 * @param reached called with the row that the pointer or the keys reached.
 * @returns { element, show(row) }
 */
export function lines(weights, queries, keys, { reached, chosen }) {
  const height = ROW * Math.max(queries.length, keys.length);
  const middle = index => ROW * (index + 0.5);
  const all = weights.flatMap((row, from) => row.map((weight, to) => ({ from, to, weight })))
    .filter(line => line.weight > 0.02).sort((a, b) => b.weight - a.weight).slice(0, LINES);
  const top = all[0]?.weight ?? 1;
  const draw = (list, kind) => svg("g", { class: kind }, list.map(line => svg("line", {
    x1: 0, x2: WIDTH, y1: middle(line.from), y2: middle(line.to), "stroke-opacity": Math.min(1, 0.08 + 0.92 * line.weight / top).toFixed(3), "stroke-width": (0.6 + 3 * line.weight / top).toFixed(2),
  })));
  const strong = svg("g", { class: "strong" });
  const picture = svg("svg", { width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, draw(all, "faint"), strong);
  const left = h("ol", { class: "side left", role: "listbox", "aria-label": "Tokens that look" }, queries.map((name, index) =>
    h("li", { role: "option", class: "token", "aria-selected": String(index === chosen), data: { row: index, key: "row:" + index } }, isolated(name))));
  const right = h("ol", { class: "side right", "aria-label": "Tokens that are looked at" }, keys.map(name =>
    h("li", null, isolated(name), " ", h("span", { class: "weight" }))));
  const element = h("div", { class: "lines", vars: { row: ROW + "px" } }, left, picture, right);

  const show = row => {
    const weight = weights[row];
    const most = Math.max(...weight) || 1;
    strong.replaceChildren(...draw(weight.map((value, to) => ({ from: row, to, weight: value })).filter(line => line.weight > 0.005), "").children);
    picture.classList.add("chosen");
    for (const item of left.children) item.setAttribute("aria-selected", String(Number(item.dataset.row) === row));
    [...right.children].forEach((item, to) => {
      item.style.setProperty("--a", Math.round(100 * weight[to] / most));
      item.lastChild.textContent = weight[to].toFixed(2);
    });
  };
  const reach = event => event.target.closest(".token") && reached(Number(event.target.closest(".token").dataset.row), event.type);
  for (const event of ["mouseover", "focusin", "click"]) left.addEventListener(event, reach);
  roving(left, ".token");
  return { element, show };
}
