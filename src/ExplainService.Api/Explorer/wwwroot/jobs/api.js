// What the service says of jobs.

import { address, send } from "../api.js";

const wanted = { headers: { accept: "application/json" } };
const of = id => "jobs/" + encodeURIComponent(id);
const read = async (path, options = wanted) => (await send(path, options)).json();

/** A page of jobs, newest first: { jobs, after? }. */
export const listJobs = after => read("jobs?" + new URLSearchParams({ limit: 20, ...after ? { after } : {} }));

export const getJob = id => read(of(id));

/** What all results so far say together. */
export const getSummary = (id, top = 20) => read(`${of(id)}/summary?top=${top}`);

/** Begins a job, over a file if there is one; posted again with the same key it is the same job. */
export function postJob(job, file, key) {
  const headers = { accept: "application/json", "idempotency-key": key };
  if (!file) return read("jobs", { method: "POST", body: JSON.stringify(job), headers: { ...headers, "content-type": "application/json" } });
  const body = new FormData();
  body.append("job", new Blob([JSON.stringify(job)], { type: "application/json" }));
  body.append("file", file, file.name);
  return read("jobs", { method: "POST", body, headers });
}

/** `action`: pause, resume, cancel. */
export const changeJob = (id, action) => read(`${of(id)}/${action}`, { method: "POST", ...wanted });

export const deleteJob = id => send(of(id), { method: "DELETE" });

/** A file that a job has written, with its name where it has one. */
export async function fileOf(id, what) {
  const response = await send(`${of(id)}/${what}`, {});
  return { blob: await response.blob(), name: /filename="?([^";]+)/.exec(response.headers.get("content-disposition") ?? "")?.[1] };
}

/** An address below a job's. */
export const placeOf = (id, what) => address(`${of(id)}/${what}`);
