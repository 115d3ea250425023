// What is explained, by task: the form's fields and the request's `target` (and `against`: rather than what) that they make.

import { valuesOf } from "./controls.js";
import { classesOf, comparesLabels } from "./labels.js";
import { readsPictures } from "./picture.js";
import { state } from "./state.js";

const NEW_TOKENS = 12;
const length = { name: "new_tokens", label: "New tokens", kind: "number", min: 1, max: 200, placeholder: String(NEW_TOKENS), help: "How many tokens the model writes, at most" };

/** Whether a model writes text. */
export const isGeneration = model => ["text_generation", "text2text_generation"].includes(model?.task);

/** What else there might have been: f is then how much more of the target than of it. `name` is its field of the request. */
const against = (name, kind, more) => ({ name: "against_" + name, label: "Rather than", kind, initial: "", ...more, help: "Explains why this and not that: the difference of the two, in logits or log probabilities" });
const againstLabel = (model, explained) => against("label", "select", {
  choices: [["", "no other"], ...classesOf(model).map((label, index) => [String(index), label]).filter(([index]) => index !== String(explained))],
});
const labelOf = text => text ? { label: Number(text) } : undefined;

const targets = {
  text_classification: {
    fields: (model, prediction, chosen) => classesOf(model).length > 1 ? [{
      name: "label", label: "Target", kind: "select", initial: "",
      choices: [["", "what is predicted"], ...classesOf(model).map((label, index) => [String(index), label])],
    }, againstLabel(model, chosen.label || prediction?.prediction?.index)] : [],
    target: ({ label }) => labelOf(label),
    against: ({ against_label: label }) => labelOf(label),
  },
  token_classification: {
    fields: (model, prediction, chosen) => [
      { name: "token", label: "Token", kind: "select", initial: "", choices: [["", "the strongest"], ...tokensOf(prediction)] },
      { name: "label", label: "Label", kind: "select", initial: "", choices: [["", "what is predicted"], ...model.labels.map((label, index) => [String(index), label])] },
      againstLabel(model, chosen.label || (chosen.token ? prediction?.prediction?.tokens?.find(item => item.token === Number(chosen.token)) : prediction?.prediction)?.index),
    ],
    against: ({ against_label: label }) => labelOf(label),
    target: ({ token, label }) => token || label ? { ...(token ? { token: Number(token) } : {}), ...(label ? { label: Number(label) } : {}) } : undefined,
  },
  question_answering: {
    fields: () => [
      { name: "start", label: "From token", kind: "number", min: 0, placeholder: "predicted" },
      { name: "end", label: "To token", kind: "number", min: 0, placeholder: "predicted" },
    ],
    target: ({ start, end }) => start !== undefined && end !== undefined ? { span: { start, end } } : undefined,
  },
  fill_mask: {
    fields: (_, prediction, chosen) => [
      { name: "token", label: "Masked position", kind: "select", initial: "", choices: [["", "the first mask"], ...tokensOf(prediction)] },
      { name: "token_id", label: "Token", kind: "select", initial: "", choices: [["", "the most likely"], ...candidates(prediction)] },
      against("token_id", "select", { choices: [["", "no other"], ...candidates(prediction).filter(([id]) => id !== (chosen.token_id || String(prediction?.prediction?.index)))], open: !prediction }),
    ],
    against: ({ against_token_id: id }) => id ? { token_id: Number(id) } : undefined,
    target: ({ token, token_id: id }, prediction) => {
      const position = token ? Number(token) : maskOf(prediction);
      return token || id ? { ...(position === undefined ? {} : { token: position }), ...(id ? { token_id: Number(id) } : {}) } : undefined;
    },
  },
  text_generation: {
    fields: () => [{ name: "continuation", label: "Continuation to explain", kind: "text", placeholder: "what the model writes" }, against("continuation", "text", { placeholder: "as many tokens" }), length],
    target: ({ continuation }) => continuation ? { continuation } : undefined,
    against: ({ against_continuation: continuation }) => continuation ? { continuation } : undefined,
  },
  text2text_generation: {
    fields: () => [{ name: "text", label: "Output to explain", kind: "text", placeholder: "what the model writes" }, against("text", "text", { placeholder: "as many tokens" }), length],
    target: ({ text }) => text ? { text } : undefined,
    against: ({ against_text: text }) => text ? { text } : undefined,
  },
};

const tokensOf = answer => (answer?.tokens ?? []).filter(token => !token.special || /mask/i.test(token.token))
  .map(token => [String(token.index), `${token.index}: ${token.text || token.token}`]);

const candidates = prediction => (prediction?.prediction?.labels ?? []).map(label => [String(label.index), label.label]);

const maskOf = answer => answer?.tokens?.find(token => /^.?\[?<?mask>?\]?$/i.test(token.token))?.index;

let predicted;

/** Choices that depend on what the model saw: positions, candidates. */
export const learn = answer => (predicted = answer);

/** The form's fields for a model. */
export const targetFields = model => targets[model?.task]?.fields(model, predicted, state.target) ?? [];

/** The request's `target`; undefined for what the model predicts. */
export const targetOf = model => targets[model?.task]?.target(targetValues(model), predicted);

/** The request's `against`; undefined for nothing else. */
export const againstOf = model => targets[model?.task]?.against?.(targetValues(model));

const targetValues = model => valuesOf(targetFields(model), state.target);

/** How much a generating model is to write, where its output is not given. */
export const newTokens = model => isGeneration(model) && !targetOf(model) ? targetValues(model).new_tokens ?? NEW_TOKENS : undefined;

targets.image_classification = targets.zero_shot_image_classification = targets.text_classification;

const sizes = {
  text: [["", "by method"], ["token", "Token"], ["word", "Word"], ["sentence", "Sentence"], ["paragraph", "Paragraph"]],
  picture: [["", "Patch"], ["superpixel", "Superpixel"]],
  labelled: [["", "Patch"], ["superpixel", "Superpixel"], ["word", "Label\u2019s words"]],
};

/** Fields that every task has. */
export const commonFields = model => [
  { name: "objective", label: "Objective", kind: "select", initial: "", choices: [["", "default"], ["probability", "Probability"], ["logit", "Logit"], ["log_probability", "Log probability"]] },
  { name: "granularity", label: "Granularity", kind: "select", initial: "", choices: comparesLabels(model) ? sizes.labelled : readsPictures(model) ? sizes.picture : sizes.text },
  ...readsPictures(model) ? [{ name: "segments", label: "Superpixels", kind: "number", min: 2, max: 1000, placeholder: "50", help: "About how many regions of like colour", when: values => values.granularity === "superpixel" }] : [{ name: "overflow", label: "Long texts", kind: "select", initial: "", choices: [["", "are refused"], ["truncate", "are cut"], ["window", "are read in windows"]] }],
  { name: "seed", label: "Seed", kind: "number", min: 0, placeholder: "0" },
];

export const commonValues = model => valuesOf(commonFields(model), state);
