// Where the class token, or a patch that is pressed, looks in the picture.

import { h } from "../dom.js";
import { number, sum } from "../numbers.js";
import { changeOptions, state } from "../state.js";
import { pictureStage } from "./picturestage.js";

/** The weights of one row over the picture; pressing a patch shows its row. */
export function patchAttention(answer, weights, caption) {
  const special = answer.tokens.findIndex(token => token.special);
  const asked = Number(state.options.attention?.row ?? special);
  const row = asked >= 0 && asked < weights.length ? asked : Math.max(0, special);
  const patches = answer.tokens.filter(token => token.box);
  const units = patches.map((token, index) => ({ text: answer.units?.find(unit => unit.tokens.includes(token.index))?.text ?? String(index + 1), box: token.box, score: weights[row][token.index], index: token.index }));
  const own = units.find(unit => unit.index === row);
  const name = own ? `patch ${own.text}` : "the class token";
  const show = index => changeOptions("attention", { row: index === special ? "" : String(index) });
  return h("div", { class: "between" },
    h("p", { class: "facts" }, `${caption}: what ${name} looks at. ${number(sum(units.map(unit => unit.score)))} of its attention is on patches. `,
      own && special >= 0 ? h("button", { type: "button", class: "small", data: { key: "class-token" }, on: { click: () => show(special) } }, "Show the class token\u2019s") : null),
    pictureStage(units, { legend: { toward: "looked at more" }, hint: "Press a patch to see what it looks at.", press: unit => show(unit.index), chosen: own }));
}
