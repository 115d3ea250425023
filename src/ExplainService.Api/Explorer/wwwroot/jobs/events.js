// Server-sent events. An EventSource sends no key, and gives up for good where a service is busy.

import { withKey } from "../key.js";

const RETRY = 3000;
const CLOSED = 2;

const BUSY = [429, 502, 503, 504];

/** What a watcher needs of an EventSource. */
export class Events extends EventTarget {
  readyState = 1;
  #stop = new AbortController();
  #seen = "";

  constructor(url) {
    super();
    this.#listen(url);
  }

  close() {
    this.readyState = CLOSED;
    this.#stop.abort();
  }

  /** Until the service says that there is nothing more (204) or refuses; what breaks off, or is too busy, goes on behind what was seen. */
  async #listen(url) {
    while (this.readyState !== CLOSED) {
      let pause = RETRY;
      try {
        const headers = withKey({ accept: "text/event-stream", ...this.#seen ? { "last-event-id": this.#seen } : {} });
        const response = await fetch(url, { headers, signal: this.#stop.signal });
        if (BUSY.includes(response.status)) pause = Math.max(1000 * (Number(response.headers.get("retry-after")) || 0), RETRY);
        else if (response.status !== 200) break;
        else await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
      } catch {
        // The connection is gone; the next one tells all that was missed.
      }
      if (this.readyState !== CLOSED) await new Promise(done => setTimeout(done, pause));
    }
    if (this.readyState === CLOSED) return;
    this.close();
    this.dispatchEvent(new Event("error"));
  }

  async #read(reader) {
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (rest + part.value).split("\n\n");
      rest = blocks.pop();
      blocks.forEach(block => this.#tell(block));
    }
  }

  #tell(block) {
    const fields = Object.fromEntries(block.split("\n").map(line => line.split(/: (.*)/s)));
    this.#seen = fields.id ?? this.#seen;
    this.dispatchEvent(new MessageEvent(fields.event ?? "message", { data: fields.data }));
  }
}
