// What the page shows, and its form in the URL's fragment: whoever opens the link sees the same. Fragments never reach the server.

import { changed } from "./controls.js";
import { debounced } from "./dom.js";
import { carried, merged, without } from "./text.js";

const initial = () => ({
  model: "", text: "", pair: "", picture: "", labels: "", removed: [], target: {}, objective: "", granularity: "", segments: "", overflow: "", seed: "", tab: "saliency", options: {},
});

export const state = initial();

const listeners = new Set();

// Earlier removals, to go back to; they are of no use once the text is another.
let past = [];

/** Calls `listener` with the names of the fields that changed. */
export const onChange = listener => listeners.add(listener);

/** Changes fields, the address, and tells who listens. */
export function change(patch) {
  if ("text" in patch && patch.text !== state.text && !("removed" in patch)) {
    patch.removed = [...carried(of("text"), state.text, patch.text), ...of("pair")];
  }
  if ("pair" in patch && patch.pair !== state.pair && !("removed" in patch)) {
    patch.removed = [...of("text"), ...carried(of("pair"), state.pair, patch.pair)];
  }
  if ("text" in patch || "pair" in patch || "model" in patch) past = [];
  Object.assign(state, patch);
  writeSoon(150);
  for (const listener of listeners) listener(Object.keys(patch));
}

/** Puts the state into the address at once. */
export const writeAddress = () => history.replaceState(null, "", "#" + toFragment());

// Browsers refuse addresses that change too often, as they would with every key.
const writeSoon = debounced(writeAddress);

/** Keeps an option of a view that has already been drawn: in the address, without drawing it again. */
export function remember(tab, patch) {
  state.options[tab] = { ...state.options[tab], ...patch };
  writeSoon(150);
}

/** Changes options of one tab. */
export const changeOptions = (tab, patch) => change({ options: { ...state.options, [tab]: changed(state.options[tab], patch) } });

/** Changes what is explained. */
export const changeTarget = patch => change({ target: changed(state.target, patch) });

/** The removed ranges of one of the two texts. */
export const of = side => state.removed.filter(range => range.in === side);

/** The text (or pair) as it is sent. */
export const sent = side => without(state[side], of(side));

/** Removes a range of the original, or puts back what it touches. */
export function toggle(side, range) {
  const touches = other => other.in === side && other.start < range.end && range.start < other.end;
  const covered = state.removed.some(other => touches(other) && other.start <= range.start && other.end >= range.end);
  const others = state.removed.filter(other => !touches(other));
  past.push(state.removed);
  change({ removed: covered ? others : [...others, ...merged([...state.removed.filter(touches), { ...range, in: side }])] });
}

/** Removes ranges of the original besides what is removed already. */
export function remove(ranges) {
  past.push(state.removed);
  change({ removed: ["text", "pair"].flatMap(side => merged([...of(side), ...ranges.filter(range => range.in === side)]).map(range => ({ ...range, in: side }))) });
}

/** Puts every removed word back. */
export function restore() {
  past.push(state.removed);
  change({ removed: [] });
}

/** Takes the last removal (or return) back. */
export const undo = () => past.length && change({ removed: past.pop() });

export const canUndo = () => past.length > 0;

/** The state without what is at its default. */
export function toFragment() {
  const fields = new URLSearchParams();
  const put = (name, value) => value !== "" && value !== undefined && fields.set(name, value);
  put("model", state.model);
  put("text", state.text);
  put("pair", state.pair);
  put("labels", state.labels);
  put("removed", state.removed.map(range => `${range.in}.${range.start}.${range.end}`).join("_"));
  for (const name of ["objective", "granularity", "segments", "overflow", "seed", "tab"]) put(name, state[name]);
  for (const [name, value] of Object.entries(state.target)) put("target." + name, value);
  for (const [tab, values] of Object.entries(state.options)) for (const [name, value] of Object.entries(values)) put(`${tab}.${name}`, value);
  return fields.toString();
}

/** Fields of a fragment; what it does not name keeps its default. Null for one that names nothing. */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  if (![...fields.values()].some(value => value !== "")) return null;
  // Without prototypes: a link may name its options as it likes.
  const bare = () => Object.create(null);
  const read = { ...initial(), target: bare(), options: bare() };
  for (const [name, value] of fields) {
    const [group, option] = name.split(/\.(.*)/s);
    if (name === "removed") read.removed = readRanges(value);
    else if (group === "target" && option) read.target[option] = value;
    else if (option) (read.options[group] ??= bare())[option] = value;
    else if (Object.hasOwn(read, name) && typeof read[name] === "string") read[name] = value;
  }
  read.removed = read.removed.filter(range => range.end <= read[range.in].length);
  return read;
}

const readRanges = value => value.split("_").map(part => part.split("."))
  .filter(([side, start, end]) => (side === "text" || side === "pair") && Number(start) >= 0 && Number(end) > Number(start))
  .map(([side, start, end]) => ({ in: side, start: Number(start), end: Number(end) }));
