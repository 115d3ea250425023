// The labels that a picture is compared with, by models that compare pictures with texts: one a line.

import { state } from "./state.js";

/** What a model is asked first. */
export const FIRST = "a photo of a dog\na photo of a cat\na photo of a person";

/** Whether a model compares pictures with texts. */
export const comparesLabels = model => model?.task === "zero_shot_image_classification";

/** The labels as they are sent. */
export const labels = () => [...new Set(state.labels.split("\n").map(label => label.trim()).filter(Boolean))];

/** The classes of a model: its own, or the labels. */
export const classesOf = model => comparesLabels(model) ? labels() : model.labels;

/** Whether the words of a label are explained, rather than the picture. */
export const explainsWords = model => comparesLabels(model) && state.granularity === "word";
