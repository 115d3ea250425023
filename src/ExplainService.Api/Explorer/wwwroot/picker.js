// What is explained, picked in the text itself: a word that gets a label, the words of an answer.

import { h } from "./dom.js";
import { roving } from "./roving.js";
import { sent } from "./state.js";
import { direction, segments } from "./text.js";

/** Words of one of the texts that the model has tokens for, each with its first and last token. */
function words(side, tokens) {
  const text = sent(side).text;
  const own = tokens.filter(token => !token.special && token.end > token.start && (token.in ?? "text") === side);
  return segments(text).flatMap(({ start, end }) => {
    const inside = own.filter(token => token.start < end && start < token.end);
    return inside.length ? [{ start, end, first: inside[0].index, last: inside.at(-1).index }] : [];
  });
}

const outside = label => label === undefined || label === "O";

/** A word's label is that of its first token. */
const wordOfLabel = {
  side: "text",
  hint: "Press a word to explain its label; press it again for the strongest.",
  chosen: (word, { token }) => token !== undefined && word.first <= Number(token) && Number(token) <= word.last,
  press: (word, pressed) => pressed.includes(word) ? { token: "", label: "" } : { token: String(word.first), label: "" },
  label: (word, answer) => answer.prediction?.tokens?.find(item => item.token === word.first)?.label,
};

/** A span grows from its first word to the next one that is pressed; the third press begins anew. */
const wordsOfAnswer = {
  side: "pair",
  hint: "Press the first and the last word of the answer to explain; press a single one again for the predicted one.",
  chosen: (word, { start, end }) => start !== undefined && end !== undefined && word.first <= Number(end) && Number(start) <= word.last,
  press(word, pressed) {
    if (pressed.length === 1 && pressed[0] === word) return { start: "", end: "" };
    const ends = pressed.length === 1 ? [word, pressed[0]] : [word];
    return { start: String(Math.min(...ends.map(({ first }) => first))), end: String(Math.max(...ends.map(({ last }) => last))) };
  },
};

const pickers = { token_classification: wordOfLabel, question_answering: wordsOfAnswer };

/** Whether a task's target is picked in the text. */
export const isPicked = task => Object.hasOwn(pickers, task);

/** The text as words to press; `report` is called with the target's fields that change. `answer` is the prediction, null: none yet. */
export function picker(task, answer, target, report) {
  const kind = pickers[task];
  const list = answer ? words(kind.side, answer.tokens) : [];
  const text = sent(kind.side).text;
  const pressed = list.filter(word => kind.chosen(word, target));
  let at = 0;
  const parts = list.flatMap(word => {
    const between = text.slice(at, word.start);
    const label = kind.label?.(word, answer);
    const name = text.slice(word.start, word.end);
    at = word.end;
    return [between, h("button", {
      type: "button", class: outside(label) ? "pick" : "pick named", "aria-pressed": String(pressed.includes(word)), title: label,
      "aria-label": outside(label) ? undefined : `${name}, ${label}`,
      data: { key: `pick:${word.first}` }, on: { click: () => report(kind.press(word, pressed)) },
    }, name)];
  });
  const element = h("div", { class: "picker", role: "group", "aria-label": kind.hint, dir: direction(text) }, parts, list.length ? text.slice(at) : null);
  roving(element, ".pick");
  return h("div", { class: "picked" }, h("p", { class: "hint" }, kind.hint), element);
}
