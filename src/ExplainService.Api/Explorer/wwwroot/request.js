// The fields that every request has, from the state.

import { comparesLabels, labels } from "./labels.js";
import { readsPictures, sentPicture } from "./picture.js";
import { sent, state } from "./state.js";
import { againstOf, commonValues, newTokens, targetOf } from "./target.js";

// The others are about the model's own patches.
const OF_REGIONS = new Set(["/saliency", "/occlusion", "/shap", "/lime", "/counterfactual"]);

const optional = (name, value) => value === "" || value === undefined || value === null ? {} : { [name]: value };

/** A request to an endpoint; fields at their default are left out. */
export function compose(path, own = {}, model = undefined) {
  const { objective, granularity: size, segments, overflow, seed } = commonValues(model);
  const regions = size === "superpixel";
  const granularity = regions && !OF_REGIONS.has(path) ? "" : size;
  return {
    path,
    body: {
      model: state.model,
      ...(readsPictures(model) ? { image: sentPicture(), ...(comparesLabels(model) ? { labels: labels() } : {}) } : { text: sent("text").text, ...optional("pair", sent("pair").text) }),
      ...(path === "/predict" ? {} : { ...optional("target", targetOf(model)), ...optional("against", againstOf(model)), ...optional("objective", objective), ...optional("granularity", granularity), ...optional("segments", granularity && regions ? segments : undefined) }),
      ...optional("max_new_tokens", newTokens(model)),
      ...optional("overflow", overflow),
      ...(path === "/predict" ? {} : optional("seed", seed)),
      ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== "" && value !== undefined)),
    },
  };
}

/** "mask" or { text }: a fixed choice, or the caller's own text where the choice is "text". */
export const kindOrText = (kind, text) => kind === "text" ? { text: text ?? "" } : kind;
