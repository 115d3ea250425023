// The service's HTTP interface. Addresses are relative to the page, so that the explorer works behind any prefix.

import { keptKey, withKey } from "./key.js";

const BASE = new URL(".", document.baseURI);
const REMEMBERED = 40;
const TOO_LARGE_TO_REMEMBER = 6e6;
const remembered = new Map();

/** A request that failed, as the service's problem document or the network puts it. */
export class Problem extends Error {
  constructor({ title, detail, status, errors, retry_after, trace_id }) {
    super(detail ?? title);
    Object.assign(this, { title, detail, status, errors: errors ?? {}, retryAfter: retry_after, traceId: trace_id });
  }
}

/** An address of the service. */
export const address = path => new URL(path.replace(/^\//, ""), BASE).href;

/** The response to a request, or the problem that it met. */
export async function send(path, options) {
  let response;
  try {
    response = await fetch(address(path), { ...options, headers: withKey(options.headers) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({ title: "The service cannot be reached", detail: "No answer came. It may be stopped, or the network is down." });
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  const wait = Number(response.headers.get("retry-after"));
  throw new Problem({ title: `The request failed (${response.status})`, ...body, status: response.status, retry_after: body.retry_after ?? (wait > 0 ? wait : undefined) });
}

const posted = (body, accept, signal) => ({
  method: "POST", signal, body: JSON.stringify(body), headers: { "content-type": "application/json", accept },
});

export const getModels = async () => (await send("models", { headers: { accept: "application/json" } })).json();

export const getModel = async name => (await send("models/" + encodeURIComponent(name), { headers: { accept: "application/json" } })).json();

/** The explanation that a request asks for. The same request gives the same numbers, so recent answers are kept. */
export async function explain({ path, body }, signal) {
  const key = path + "\n" + JSON.stringify(body);
  if (remembered.has(key)) {
    const answer = remembered.get(key);
    remembered.delete(key);
    remembered.set(key, answer);
    return answer;
  }
  const response = await send(path, posted(body, "application/json", signal));
  const text = await response.text();
  const answer = JSON.parse(text);
  if (text.length < TOO_LARGE_TO_REMEMBER) {
    remembered.set(key, answer);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
  }
  return answer;
}

/** The same request drawn by the service; options are the picture's: view, theme, layer, head. */
export const picture = async ({ path, body }, mediaType, options) =>
  (await send(path + "?" + new URLSearchParams(options), posted(body, mediaType))).blob();

/** The same request for a shell. */
export const curl = ({ path, body }) =>
  `curl -s '${address(path)}' -H 'content-type: application/json' ${keptKey() ? '-H "x-api-key: $EXPLAIN_KEY" ' : ""}-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
