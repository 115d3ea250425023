// The picture of models that read pictures: dropped, pasted or picked, and sent without the patches that were pressed. It is in no link: it would not fit.

import { h } from "./dom.js";
import { comparesLabels, explainsWords, labels } from "./labels.js";
import { state } from "./state.js";

/** Whether a model reads pictures, alone or beside labels. */
export const readsPictures = model => model?.task === "image_classification" || comparesLabels(model);

/** Whether scores are those of parts of a picture. */
export const explainsPictures = model => readsPictures(model) && !explainsWords(model);

const TYPES = ["image/png", "image/jpeg", "image/webp"];
const GREY = "#808080";

// The file as it came, the same decoded, and what hides of it: [x, y, width, height] each.
let held = null;
let hidden = [];
let counter = 0;

// What is sent of it where something is hidden: drawn once for all that ask.
let copy = null;

/** What was picked: { name, image, width, height }; null: nothing yet. */
export const picture = () => held;

const keyOf = box => box.join();
export const isHidden = box => hidden.some(one => keyOf(one) === keyOf(box));
export const hiddenCount = () => hidden.length;
export const hiddenBoxes = () => hidden;

/** The state's mark of a picture and what is hidden of it: another one is another question. */
const mark = () => {
  copy = null;
  return { picture: String(++counter) };
};

/** Takes a file; resolves to the change of the state. Throws an Error that can be shown. */
export async function take(file) {
  if (!file) throw new Error("There is no picture in that.");
  if (!TYPES.includes(file.type)) throw new Error(`${file.type || "That"} is not read: PNG, JPEG and WebP are.`);
  const url = await dataUrl(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    throw new Error("The picture cannot be read.");
  }
  // Upright, as the service counts its pixels.
  held = { name: file.name || "pasted picture", url, image, width: image.naturalWidth, height: image.naturalHeight };
  hidden = [];
  return mark();
}

const dataUrl = file => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(new Error("The file cannot be read."));
  reader.readAsDataURL(file);
});

/** Hides a patch, or shows it again. */
export function toggleBox(box) {
  hidden = isHidden(box) ? hidden.filter(one => keyOf(one) !== keyOf(box)) : [...hidden, box];
  return mark();
}

/** Hides several patches besides those that are hidden already. */
export function hideBoxes(boxes) {
  hidden = [...hidden, ...boxes.filter(box => !isHidden(box))];
  return mark();
}

export function showAll() {
  hidden = [];
  return mark();
}

/** The picture as it is sent: the file itself, or a copy with grey in the hidden places. */
export function sentPicture() {
  if (!held) return undefined;
  if (!hidden.length) return held.url;
  if (copy) return copy;
  const canvas = h("canvas", { width: held.width, height: held.height });
  const context = canvas.getContext("2d");
  context.drawImage(held.image, 0, 0);
  context.fillStyle = GREY;
  for (const box of hidden) context.fillRect(...box);
  copy = canvas.toDataURL("image/png");
  return copy;
}

/** What is missing before a model of pictures can be asked, in words; null: nothing. */
export const missing = model => !held || state.picture === "" ? "Drop, paste or pick a picture."
  : comparesLabels(model) && !labels().length ? "Write what the picture is to be compared with: labels, one a line." : null;

/** Whether there is something to send to a model. */
export const hasPicture = model => readsPictures(model) && !missing(model);
