// The smallest change of the text, or of what a picture shows, that changes what the model says, and a press that makes it.

import { h, isolated } from "../dom.js";
import { percent, number } from "../numbers.js";
import { once } from "../panel.js";
import { hideBoxes, readsPictures } from "../picture.js";
import { compose } from "../request.js";
import { change, remove, sent, state } from "../state.js";
import { direction } from "../text.js";
import { notes } from "../views/notes.js";
import { hiddenPicture } from "../views/picturestage.js";
import { stage } from "../views/stage.js";
import { replacementFields, replacementOf } from "./occlusion.js";

const isSubstitution = method => method === "flip" || method === "fill";

export const counterfactual = {
  id: "counterfactual",
  pictures: (_, model) => readsPictures(model) ? ["hidden"] : ["edits"],
  fields: model => [
    {
      name: "method", label: "Change by", kind: "select", initial: "remove", feature: choice => "counterfactual." + choice,
      choices: readsPictures(model) ? [["remove", "Hiding"], ["reduce", "Hiding while it stays"]]
        : [["remove", "Removing"], ["flip", "Other tokens (gradient)"], ["fill", "A masked model's words"], ["reduce", "Removing while it stays"]],
    },
    ...readsPictures(model) ? replacementFields(model) : [],
    ...(model?.labels?.length ?? 0) > 1 ? [{
      name: "to", label: "Until it says", kind: "select", initial: "", choices: [["", "anything else"], ...model.labels.map(label => [label, label])], when: values => values.method !== "reduce" && !(values.method === "remove" && values.keep),
    }] : [],
    { name: "fill_model", label: "Masked model", kind: "text", placeholder: "this one", help: "The name of a masked language model that is served here", when: values => values.method === "fill" },
    { name: "count", label: "How many", kind: "number", min: 1, max: 20, placeholder: "1", when: values => values.method !== "reduce" },
    { name: "max_edits", label: "Most changes", kind: "number", min: 1, max: 100, placeholder: "default" },
    { name: "keep", label: "What alone keeps the prediction", kind: "check", initial: false, when: values => values.method === "remove" },
  ],
  features: values => "counterfactual." + values.method,
  evaluations: () => 200,
  steps: ({ method, to, fill_model, count, max_edits, keep, replacement }, context) => once(compose("/counterfactual", {
    method: method === "remove" ? undefined : method, replacement: replacement && replacementOf({ replacement }), to: to || undefined, fill_model, count, max_edits, keep: keep || undefined,
  }, context.model()), context),
  view: ({ answers: [answer] }, values) => [
    answer.image ? null : stage([], { hint: "Press a word to remove it yourself." }),
    answer.counterfactuals.length ? answer.counterfactuals.map((found, place) => card(answer, found, place, values))
      : h("p", { class: "decision" }, "No such change was found."),
    notes(answer),
  ],
};

const said = ({ label, probability, value, text }) => label !== undefined && text === undefined ? [h("strong", null, isolated(label)), probability === undefined ? null : " " + percent(probability)]
  : text !== undefined ? h("strong", null, isolated(text)) : h("strong", null, number(value));

/** What is said instead, the text with its changes, and a button that makes them. */
function card(answer, found, place, values) {
  const { edits, minimal } = found;
  return h("figure", { class: "chart change" },
    h("p", { class: "decision", data: { label: found.prediction.label } }, said(answer.prediction), " \u2192 ", said(found.prediction),
      h("span", { class: "facts" }, edits.length === 1 ? " · 1 change" : ` · ${edits.length} changes${minimal ? ", none of which can be spared" : ""}`)),
    answer.image ? ofPicture(answer, found, place) : [["text", "pair"].filter(side => state[side]).map(side => marked(side, edits.filter(edit => (edit.in ?? "text") === side))),
    h("div", { class: "row" }, h("button", { type: "button", class: "small", data: { key: "apply:" + place }, on: { click: () => apply(found) } },
      isSubstitution(values.method) ? "Put it into the text" : "Remove it from the text"))]);
}

/** The picture with the units hidden. Of regions, whose boxes overlap, the service's picture shows the shapes. */
function ofPicture(answer, { edits }, place) {
  const regions = answer.granularity === "superpixel";
  return [
    regions ? h("p", { class: "hint" }, `Hidden: regions ${edits.map(edit => edit.from).join(", ")}. The picture \u201Chidden\u201D below shows their shapes.`)
      : hiddenPicture(edits.map(edit => edit.box), `The picture without ${edits.map(edit => "patch " + edit.from).join(", ")}`),
    regions ? null : h("div", { class: "row" }, h("button", { type: "button", class: "small", data: { key: "apply:" + place }, on: { click: () => change(hideBoxes(edits.map(edit => edit.box))) } }, "Hide them in the picture"),
      h("p", { class: "hint" }, `There they become grey; here ${answer.replacement === "mean" ? "the mean colour" : answer.replacement}.`)),
  ];
}

function marked(side, edits) {
  const { text } = sent(side);
  let at = 0;
  return h("p", { class: "stage-text", dir: direction(text) }, edits.map(({ start, end, from, to }) => {
    const before = text.slice(at, start);
    at = end;
    return [before, from ? h("del", null, from) : null, to ? h("ins", null, to) : null];
  }), text.slice(at));
}

/** Removals are removals like any other, which can be taken back; other words are typed into the text. */
function apply({ text, pair, edits }) {
  if (edits.some(edit => edit.to)) return change({ text, removed: [], ...(pair === undefined ? {} : { pair }) });
  remove(edits.map(edit => {
    const side = edit.in ?? "text";
    return { in: side, ...sent(side).range(edit) };
  }));
}
