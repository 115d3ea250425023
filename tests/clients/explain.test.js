// A strict TypeScript client of the published document compiles, and what it was promised is what the service answers.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
let service;
let baseUrl;

test("a strict client compiles without casts", () => {
  execFileSync("npx", ["tsc", "--project", "."], { cwd: here, stdio: "inherit" });
});

before(async () => {
  const port = await freePort();
  baseUrl = `http://127.0.0.1:${port}`;
  service = spawn("dotnet", [`${root}src/ExplainService.Api/bin/Release/net10.0/ExplainService.Api.dll`], {
    env: { ...process.env, ASPNETCORE_URLS: baseUrl, Models__Directory: `${root}deploy/models` },
    stdio: "ignore",
  });
  const until = Date.now() + 120_000;
  while (!(await ready())) {
    assert.ok(Date.now() < until && service.exitCode === null, "the service did not become ready");
    await new Promise(wake => setTimeout(wake, 200));
  }
});

after(() => service?.kill("SIGTERM"));

test("Shapley values arrive as the document describes them", async () => {
  const { shapley } = await import("./generated/js/explain.js");
  const answer = await shapley(baseUrl, "not bad at all");
  assert.equal(answer.label, "positive");
  assert.deepEqual(answer.words.map(word => word.word), ["not", "bad", "at", "all"]);
  assert.ok(Math.abs(answer.sum - answer.value) < 1e-6);
});

test("lines of a stream are told apart by their fields", async () => {
  const { told } = await import("./generated/js/explain.js");
  const response = await fetch(`${baseUrl}/shap`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: '{"text": "not bad"}\n{"text": ""}\n',
  });
  const lines = (await response.text()).trim().split("\n").map(line => told(JSON.parse(line)));
  assert.match(lines[0], /^2 units from /);
  assert.match(lines[1], /^400: /);
});

test("the methods of a model have names for people", async () => {
  const { titles } = await import("./generated/js/explain.js");
  const names = await titles(baseUrl, "minilm-sst2");
  assert.ok(names.includes("Integrated gradients") && names.includes("Shapley values"));
});

async function ready() {
  return await fetch(`${baseUrl}/health/ready`).then(response => response.ok, () => false);
}

function freePort() {
  return new Promise(done => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
