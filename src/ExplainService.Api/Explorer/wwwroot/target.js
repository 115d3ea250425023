// What is explained, by task: the form's fields and the request's `target` that they make.

import { valuesOf } from "./controls.js";
import { state } from "./state.js";

const NEW_TOKENS = 12;
const length = { name: "new_tokens", label: "New tokens", kind: "number", min: 1, max: 200, placeholder: String(NEW_TOKENS), help: "How many tokens the model writes, at most" };
const generating = ["text_generation", "text2text_generation"];

const targets = {
  text_classification: {
    fields: model => model.labels.length > 1 ? [{
      name: "label", label: "Target", kind: "select", initial: "",
      choices: [["", "what is predicted"], ...model.labels.map((label, index) => [String(index), label])],
    }] : [],
    target: ({ label }) => label ? { label: Number(label) } : undefined,
  },
  token_classification: {
    fields: (model, prediction) => [
      { name: "token", label: "Token", kind: "select", initial: "", choices: [["", "the strongest"], ...tokensOf(prediction)] },
      { name: "label", label: "Label", kind: "select", initial: "", choices: [["", "what is predicted"], ...model.labels.map((label, index) => [String(index), label])] },
    ],
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
    fields: (_, prediction) => [
      { name: "token", label: "Masked position", kind: "select", initial: "", choices: [["", "the first mask"], ...tokensOf(prediction)] },
      { name: "token_id", label: "Token", kind: "select", initial: "", choices: [["", "the most likely"], ...(prediction?.prediction?.labels ?? []).map(label => [String(label.index), label.label])] },
    ],
    target: ({ token, token_id: id }, prediction) => {
      const position = token ? Number(token) : maskOf(prediction);
      return token || id ? { ...(position === undefined ? {} : { token: position }), ...(id ? { token_id: Number(id) } : {}) } : undefined;
    },
  },
  text_generation: {
    fields: () => [{ name: "continuation", label: "Continuation to explain", kind: "text", placeholder: "what the model writes" }, length],
    target: ({ continuation }) => continuation ? { continuation } : undefined,
  },
  text2text_generation: {
    fields: () => [{ name: "text", label: "Output to explain", kind: "text", placeholder: "what the model writes" }, length],
    target: ({ text }) => text ? { text } : undefined,
  },
};

const tokensOf = answer => (answer?.tokens ?? []).filter(token => !token.special || /mask/i.test(token.token))
  .map(token => [String(token.index), `${token.index}: ${token.text || token.token}`]);

const maskOf = answer => answer?.tokens?.find(token => /^.?\[?<?mask>?\]?$/i.test(token.token))?.index;

let predicted;

/** Choices that depend on what the model saw: positions, candidates. */
export const learn = answer => (predicted = answer);

/** The form's fields for a model. */
export const targetFields = model => targets[model?.task]?.fields(model, predicted) ?? [];

/** The request's `target`; undefined for what the model predicts. */
export const targetOf = model => targets[model?.task]?.target(targetValues(model), predicted);

const targetValues = model => valuesOf(targetFields(model), state.target);

/** How much a generating model is to write, where its output is not given. */
export const newTokens = model => generating.includes(model?.task) && !targetOf(model) ? targetValues(model).new_tokens ?? NEW_TOKENS : undefined;

/** Fields that every task has. */
export const commonFields = [
  { name: "objective", label: "Objective", kind: "select", initial: "", choices: [["", "default"], ["probability", "Probability"], ["logit", "Logit"], ["log_probability", "Log probability"]] },
  { name: "granularity", label: "Granularity", kind: "select", initial: "", choices: [["", "by method"], ["token", "Token"], ["word", "Word"], ["sentence", "Sentence"], ["paragraph", "Paragraph"]] },
  { name: "overflow", label: "Long texts", kind: "select", initial: "", choices: [["", "are refused"], ["truncate", "are cut"], ["window", "are read in windows"]] },
  { name: "seed", label: "Seed", kind: "number", min: 0, placeholder: "0" },
];

export const commonValues = () => valuesOf(commonFields, state);
