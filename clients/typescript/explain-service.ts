/**
 * A client of ExplainService over fetch, without dependencies: requests and answers have the types of the published document
 * (service.d.ts, generated). For browsers, Node.js, Deno, Bun.
 */
import type { components, paths } from "./service.js";

type Schemas = components["schemas"];

/** What was refused, by RFC 9457. */
export type Problem = Schemas["Problem"];

type Asked = { post: { requestBody: { content: { "application/json": unknown } } } };
type Answered = { post: { responses: { 200: { content: { "application/json": unknown; "image/png": unknown } } } } };

/** Endpoints that explain. */
export type Endpoint = { [P in keyof paths]: paths[P] extends Asked & Answered ? P : never }[keyof paths];

/** What an endpoint takes. */
export type RequestOf<P extends Endpoint> = paths[P] extends { post: { requestBody: { content: { "application/json": infer R } } } } ? R : never;

/** What it answers. */
export type AnswerOf<P extends Endpoint> =
  paths[P] extends { post: { responses: { 200: { content: { "application/json": infer A } } } } } ? A : never;

/** The service refused a request. */
export class ExplainProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ExplainProblem";
  }

  get status(): number {
    return this.problem.status;
  }
}

export interface Options {
  /** Where the service has keys. */
  key?: string;
  /** Another fetch. */
  fetch?: typeof globalThis.fetch;
}

/** The service at an address. */
export class ExplainService {
  readonly #address: string;
  readonly #options: Options;

  constructor(address = "http://localhost:8080", options: Options = {}) {
    this.#address = address.replace(/\/+$/, "");
    this.#options = options;
  }

  /** One request of an endpoint. */
  async ask<P extends Endpoint>(path: P, request: RequestOf<P>, signal?: AbortSignal): Promise<AnswerOf<P>> {
    const response = await this.#post(path, JSON.stringify(request), "application/json", signal);
    return (await response.json()) as AnswerOf<P>;
  }

  /** Many requests of an endpoint (NDJSON): an answer or a problem for each, in order, as they come. Only a problem has `status`. */
  async *lines<P extends Endpoint>(path: P, requests: Iterable<RequestOf<P>>, signal?: AbortSignal): AsyncGenerator<AnswerOf<P> | Problem> {
    const body = [...requests].map(request => JSON.stringify(request) + "\n").join("");
    const response = await this.#post(path, body, "application/x-ndjson", signal);
    let rest = "";
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter(Boolean).map(line => JSON.parse(line) as AnswerOf<P> | Problem);
    }
    if (rest) yield JSON.parse(rest) as AnswerOf<P> | Problem;
  }

  /** An explanation as a picture; options are those of pictures (view, width, theme …). */
  async picture<P extends Endpoint>(
    path: P,
    request: RequestOf<P>,
    format: "svg" | "png" | "html" = "svg",
    options: Record<string, string> = {},
  ): Promise<Blob> {
    const query = new URLSearchParams({ format, ...options });
    return (await this.#post(`${path}?${query}`, JSON.stringify(request), "application/json")).blob();
  }

  /** Every model. */
  async models(): Promise<Schemas["ModelList"]> {
    return (await (await this.#send("/models", {})).json()) as Schemas["ModelList"];
  }

  /** One model: what it can do and, where not, why. */
  async model(id: string): Promise<Schemas["ModelAnswer"]> {
    return (await (await this.#send(`/models/${encodeURIComponent(id)}`, {})).json()) as Schemas["ModelAnswer"];
  }

  #post(path: string, body: string, type: string, signal?: AbortSignal): Promise<Response> {
    return this.#send(path, { method: "POST", headers: { "content-type": type }, body, ...(signal ? { signal } : {}) });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const { key, fetch: other } = this.#options;
    const headers = { ...(init.headers as Record<string, string> | undefined), ...(key === undefined ? {} : { "x-api-key": key }) };
    const response = await (other ?? fetch)(this.#address + path, { ...init, headers });
    if (response.ok) return response;
    const text = await response.text();
    throw new ExplainProblem(problemOf(text) ?? { type: "about:blank", title: response.statusText, status: response.status, detail: text });
  }
}

function problemOf(text: string): Problem | null {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === "object" && problem !== null && "status" in problem ? (problem as Problem) : null;
  } catch {
    return null;
  }
}
