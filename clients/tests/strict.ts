// What a front-end developer writes with openapi-typescript and openapi-fetch: no cast, no `!`. It compiles, or the document lies.

import createClient from "openapi-fetch";
import type { components, paths } from "../typescript/service.js";

/** Answers and problems; pictures and streams are other media types of the same endpoints. */
type Json = "application/json" | "application/problem+json";

type Line = components["schemas"]["ShapAnswer"] | components["schemas"]["Problem"];

/** Words with their Shapley values, and where the sum starts. */
export async function shapley(baseUrl: string, text: string) {
  const client = createClient<paths, Json>({ baseUrl });
  const { data, error } = await client.POST("/shap", { body: { text, max_evaluations: 64, seed: 0 } });
  if (error) throw new Error(error.detail);
  const label: string | undefined = data.prediction.label;
  const words = data.units.map(unit => ({ word: unit.text, start: unit.start, score: unit.score ?? 0 }));
  return { label, base: data.base_value, value: data.value, sum: data.base_value + words.reduce((sum, word) => sum + word.score, 0), words };
}

/** A line of a stream is an answer or a problem: only a problem has a status. */
export function told(line: Line): string {
  return "status" in line ? `${line.status}: ${line.detail}` : `${line.units.length} units from ${line.base_value}`;
}

/** Every method that the model supports, by the name that people know it by. */
export async function titles(baseUrl: string, id: string) {
  const client = createClient<paths, Json>({ baseUrl });
  const { data, error } = await client.GET("/models/{id}", { params: { path: { id } } });
  if (error) throw new Error(error.detail);
  return Object.values(data.supports ?? {}).filter(support => support.supported).map(support => support.title);
}

/** The document refuses what the service would refuse. */
export function refused(baseUrl: string) {
  const client = createClient<paths, Json>({ baseUrl });
  // @ts-expect-error: no such method
  void client.POST("/saliency", { body: { text: "a", method: "magic" } });
  // @ts-expect-error: a text is no list of texts
  void client.POST("/predict", { body: { text: ["a"] } });
}
