// Gradient attributions.

import { h } from "../dom.js";
import { once } from "../panel.js";
import { readsPictures } from "../picture.js";
import { compose, kindOrText } from "../request.js";
import { bars } from "../views/bars.js";
import { notes } from "../views/notes.js";
import { path } from "../views/path.js";
import { signedLegend, stage } from "../views/stage.js";

const textsBaselines = [["pad", "Padding"], ["mask", "Mask"], ["zero", "Zero"], ["mean", "Mean embedding"], ["text", "A text"]];
const picturesBaselines = [["zero", "Zero"], ["mean", "Mean colour"], ["blur", "Blurred picture"], ["noise", "Noise"]];
const RELEVANCE = ["cp_lrp", "attn_lrp"];
const hasPath = values => ["integrated_gradients", "gradient_shap"].includes(values.method) || (RELEVANCE.includes(values.method) && values.steps > 1);
const hasSteps = values => values.method === "integrated_gradients" || RELEVANCE.includes(values.method);
const isNorm = values => values.method === "gradient" || (values.method === "smooth_grad" && values.of === "gradient");

/** The methods as the service lists them; until the model is known, the one that is asked for first. */
export function methods(model) {
  const listed = Object.values(model?.supports ?? {}).filter(support => support.path === "/saliency").map(({ request, title }) => [request.method, title]);
  return listed.length ? listed : [["integrated_gradients", "Integrated gradients"]];
}

export const saliency = {
  id: "saliency",
  pictures: (_, model) => readsPictures(model) ? ["image", "pixels", "patches", "bars"] : ["text", "bars", "path"],
  fields: model => [
    { name: "method", label: "Method", kind: "select", initial: "integrated_gradients", feature: choice => "saliency." + choice, choices: methods(model), open: !model?.supports },
    { name: "of", label: "Average of", kind: "select", initial: "gradient", choices: [["gradient", "Gradient"], ["input_x_gradient", "Input × gradient"]], when: values => values.method === "smooth_grad" },
    { name: "norm", label: "Norm", kind: "select", initial: "l2", choices: [["l2", "L2"], ["l1", "L1"], ["mean_abs", "Mean absolute"]], when: isNorm },
    { name: "baseline", label: "Baseline", kind: "select", initial: "default", choices: [["default", "The method's own"], ...readsPictures(model) ? picturesBaselines : textsBaselines], when: hasPath },
    { name: "baseline_text", label: "Baseline text", kind: "text", when: values => hasPath(values) && values.baseline === "text" },
    { name: "steps", label: "Steps", kind: "number", min: 1, max: 2000, placeholder: "as needed", help: "Points on the way from the baseline; of relevance the text alone by default", when: hasSteps },
    { name: "quadrature", label: "Quadrature", kind: "select", initial: "gauss_legendre", choices: [["gauss_legendre", "Gauss–Legendre"], ["trapezoid", "Trapezoid"]], when: values => values.method === "integrated_gradients" },
    { name: "tolerance", label: "Tolerance", kind: "number", min: 0, step: "any", placeholder: "none", help: "Steps are added until the completeness error is below it", when: values => values.method === "integrated_gradients" },
    { name: "samples", label: "Samples", kind: "number", min: 1, placeholder: "25", when: values => ["smooth_grad", "gradient_shap"].includes(values.method) },
    { name: "noise", label: "Noise", kind: "number", min: 0, step: "any", placeholder: "0.1", when: values => values.method === "smooth_grad" },
  ],
  features: values => "saliency." + values.method,
  steps: (values, context) => {
    const { method } = values;
    const path_ = hasPath(values), integrated = method === "integrated_gradients", sampled = ["smooth_grad", "gradient_shap"].includes(method);
    return once(compose("/saliency", {
      method,
      of: method === "smooth_grad" && values.of !== "gradient" ? values.of : undefined,
      norm: isNorm(values) && values.norm !== "l2" ? values.norm : undefined,
      baseline: path_ && values.baseline !== "default" ? kindOrText(values.baseline, values.baseline_text) : undefined,
      steps: hasSteps(values) ? values.steps : undefined,
      quadrature: integrated && values.quadrature !== "gauss_legendre" ? values.quadrature : undefined,
      tolerance: integrated ? values.tolerance : undefined,
      samples: sampled ? values.samples : undefined,
      noise: method === "smooth_grad" ? values.noise : undefined,
    }, context.model()), context);
  },
  view: ({ answers: [answer] }, values) => [
    stage(answer.units, { legend: answer.unsigned ? { toward: "matters more, whichever way" } : signedLegend(answer) }),
    notes(answer),
    h("div", { class: "columns" }, bars(answer.units), answer.path ? path(answer) : null),
  ],
};
