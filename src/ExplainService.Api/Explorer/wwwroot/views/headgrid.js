// Every head of every layer at a glance: a small picture each, to choose from.

import { h } from "../dom.js";
import { roving } from "../roving.js";
import { paint, strongest } from "./heatmap.js";

/**
 * @param picture (layer, head) → weights[query][key], or null where the head was not asked for.
 * @param choose called with (layer, head).
 */
export function headGrid(layers, heads, picture, chosen, choose) {
  const cell = (layer, head) => {
    const weights = picture(layer, head);
    const selected = layer === chosen.layer && head === chosen.head;
    return h("button", {
      type: "button", class: "head", "aria-label": `Layer ${layer}, head ${head}`, title: `Layer ${layer}, head ${head}`, "aria-current": selected ? "true" : undefined,
      data: { key: `head:${layer}.${head}`, layer, head },
    }, weights ? paint(h("canvas", { "aria-hidden": "true" }), weights, strongest(weights)) : h("span", null, `${head}`));
  };
  const grid = h("div", { class: "head-grid", role: "group", "aria-label": "Layers and heads", vars: { heads: heads.length } },
    h("span", { class: "corner" }), heads.map(head => h("span", { class: "head-name" }, head)),
    layers.map(layer => [h("span", { class: "layer-name" }, layer), heads.map(head => cell(layer, head))]));
  grid.addEventListener("click", event => {
    const button = event.target.closest(".head");
    if (button) choose(Number(button.dataset.layer), Number(button.dataset.head));
  });
  roving(grid, ".head", { columns: heads.length });
  return h("figure", { class: "chart heads", vars: { heads: Math.min(heads.length, 16) } },
    h("figcaption", null, "Layers (down) × heads (across): choose one"),
    h("div", { class: "scroll" }, grid));
}
