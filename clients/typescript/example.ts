/** Why does the model say so? */
import { ExplainProblem, ExplainService } from "./explain-service.js";

/** The words of a text, the strongest first, and what else a frontend asks. */
export async function example(address: string, text = "The acting was terrible but the music is absolutely wonderful."): Promise<string[]> {
  const service = new ExplainService(address);
  const answer = await service.ask("/shap", { text, max_evaluations: 256 });
  const told = [`${answer.model}: ${answer.prediction.label} (${(answer.prediction.probability ?? 0).toFixed(3)})`];
  const strongest = [...answer.units].sort((a, b) => Math.abs(b.score ?? 0) - Math.abs(a.score ?? 0));
  told.push(...strongest.map(unit => `${(unit.score ?? 0).toFixed(4)} ${unit.text}`));
  for await (const line of service.lines("/predict", [{ text: "not bad" }, { text: "" }])) {
    told.push("status" in line ? "refused" : (line.prediction.label ?? ""));
  }
  try {
    await service.ask("/predict", { text, model: "no-such-model" });
  } catch (refused) {
    if (!(refused instanceof ExplainProblem)) throw refused;
    told.push(`${refused.status}: ${refused.message}`);
  }
  const picture = await service.picture("/shap", { text: "not bad" }, "png");
  told.push(`${picture.type} of ${picture.size} bytes`);
  return told;
}
