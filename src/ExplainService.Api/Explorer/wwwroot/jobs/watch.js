// Jobs at each change, by the service's own events.

import { placeOf } from "./api.js";
import { Events } from "./events.js";
import { isActive } from "./progress.js";

/** A browser keeps six connections to a service: the others are for what is asked meanwhile. */
const MOST = 3;

/** @param changed called with a job that has changed. */
export function watcher(changed) {
  const streams = new Map();

  function close(id) {
    streams.get(id)?.close();
    streams.delete(id);
  }

  function open(id) {
    const stream = new Events(placeOf(id, "events"));
    const read = event => changed(JSON.parse(event.data));
    stream.addEventListener("progress", read);
    stream.addEventListener("state", read);
    // The service has nothing more to tell, or knows no such job.
    stream.addEventListener("error", () => close(id));
    streams.set(id, stream);
  }

  /** Watches the first of these jobs that may change. */
  return function watch(jobs) {
    const wanted = jobs.filter(isActive).slice(0, MOST).map(({ id }) => id);
    for (const id of [...streams.keys()]) if (!wanted.includes(id)) close(id);
    for (const id of wanted) if (!streams.has(id)) open(id);
  };
}
