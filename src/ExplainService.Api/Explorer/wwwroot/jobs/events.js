// Server-sent events of a service that has keys: an EventSource sends no header.

import { keptKey, withKey } from "../key.js";

const RETRY = 3000;
const CLOSED = 2;

/** An EventSource, or with a key what a watcher needs of one. */
export const events = url => keptKey() ? new KeyedEvents(url) : new EventSource(url);

class KeyedEvents extends EventTarget {
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

  /** Until the service says that there is nothing more (204) or refuses; what breaks off goes on behind what was seen. */
  async #listen(url) {
    while (this.readyState !== CLOSED) {
      try {
        const headers = withKey({ accept: "text/event-stream", ...this.#seen ? { "last-event-id": this.#seen } : {} });
        const response = await fetch(url, { headers, signal: this.#stop.signal });
        if (response.status !== 200) break;
        await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
      } catch {
        // The connection is gone; the next one tells all that was missed.
      }
      if (this.readyState !== CLOSED) await new Promise(done => setTimeout(done, RETRY));
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
