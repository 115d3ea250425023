// Where each generated token comes from.

import { h, isolated } from "../dom.js";
import { percent, scaleOf, signed } from "../numbers.js";
import { once } from "../panel.js";
import { compose } from "../request.js";
import { roving } from "../roving.js";
import { remember, state } from "../state.js";
import { notes } from "../views/notes.js";
import { matrix } from "../views/matrix.js";
import { readout } from "../views/readout.js";
import { stage } from "../views/stage.js";
import { methods } from "./saliency.js";

export const generation = {
  id: "generation",
  pictures: ["sources", "text", "bars"],
  fields: model => [{
    name: "method", label: "Method", kind: "select", initial: "input_x_gradient", feature: choice => "saliency." + choice,
    choices: methods(model), open: !model?.supports,
  }],
  features: values => "saliency." + values.method,
  steps: (values, context) => once(compose("/saliency", { method: values.method }, context.model()), context),
  view: ({ answers: [answer] }) => answer.generated?.length ? sources(answer) : [
    stage(answer.units ?? []), h("p", { class: "hint" }, "The answer names no generated tokens: this target is a single score."), notes(answer),
  ],
};

/** The tokens' scores for one generated token, as units of the text. */
const unitsFor = (answer, generated) => answer.tokens
  .map((token, index) => ({ ...token, score: generated.scores?.[index] ?? 0 }))
  .filter(token => !token.special);

function sources(answer) {
  const { generated } = answer;
  const source = h("div", { class: "source" });
  const line = readout("Move over a generated token to see where it comes from.");
  const list = h("p", { class: "generated", role: "listbox", "aria-label": "Generated tokens", "aria-orientation": "horizontal", dir: "auto" },
    generated.map((token, index) => [token.text.match(/^\s*/u)[0], h("span", {
      class: "piece", role: "option", "aria-label": `${token.text}, probability ${percent(token.probability)}`, data: { index, key: "piece:" + index },
    }, token.text.trimStart() || token.token)]));
  let shown = -1;
  const show = (index, how) => {
    if (how === "click") remember("generation", { token: String(index) });
    if (index === shown) return;
    shown = index;
    const token = generated[index];
    const earlier = token.generated_scores ?? [];
    const most = scaleOf([...(token.scores ?? []), ...earlier], answer);
    [...list.children].forEach((item, place) => {
      const score = earlier[place] ?? 0;
      item.setAttribute("aria-selected", String(place === index));
      item.classList.toggle("pos", place < index && score > 0);
      item.classList.toggle("neg", place < index && score < 0);
      item.style.setProperty("--a", place < index ? Math.round(100 * Math.abs(score) / most) : 0);
      item.dataset.score = place < index ? score : "";
    });
    const strongest = [...answer.tokens.map((item, place) => [item.text || item.token, token.scores?.[place] ?? 0]), ...earlier.map((score, place) => [generated[place].text, score])]
      .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3);
    line.say(isolated(token.text), ` ${percent(token.probability)} · most from `, ...strongest.flatMap(([text, score], place) => [place ? ", " : "", isolated(text), ` ${signed(score)}`]));
    source.replaceChildren(...stage(unitsFor(answer, token), { most, legend: { toward: "made this token likelier", away: "made it less likely" } }).filter(Boolean));
  };
  const reach = event => event.target.closest(".piece") && show(Number(event.target.closest(".piece").dataset.index), event.type);
  for (const event of ["mouseover", "focusin", "click"]) list.addEventListener(event, reach);
  const first = Math.min(Number(state.options.generation?.token ?? 0) || 0, generated.length - 1);
  show(first);
  roving(list, ".piece");
  return [
    h("h3", null, "What the model writes"), list, line.element,
    h("h3", null, "Where it comes from"), source,
    notes(answer), heat(answer),
  ];
}

/** Sources (rows) by generated tokens (columns). */
function heat({ tokens, generated }) {
  const rows = tokens.map((token, index) => ({ name: token.text || token.token, values: generated.map(item => item.scores?.[index] ?? 0) }));
  const later = generated.slice(0, -1).map((token, index) => ({ name: token.text, values: generated.map(item => item.generated_scores?.[index] ?? null) }));
  const all = [...rows, ...later];
  return all.length * generated.length > 4000 ? null : matrix(all.map(row => row.values), all.map(row => row.name), {
    caption: "Sources (down) by generated token (across)", columns: generated.map(token => token.text),
  });
}
