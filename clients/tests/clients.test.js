// The clients in TypeScript and Python are what the published document says, and what they were promised is what the service answers.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
let service;
let baseUrl;

// The interpreter that has Debian's packages, where there is one.
const python = ["/usr/bin/python3", "python3"].find(hasHttpx) ?? "python3";

test("the types in TypeScript are what the document generates", () => {
  const folder = mkdtempSync(join(tmpdir(), "explain-clients-"));
  try {
    const generated = join(folder, "service.d.ts");
    execFileSync("npx", ["openapi-typescript", "../openapi/openapi.json", "--output", generated], { cwd: here, stdio: "pipe" });
    const stale = "typescript/service.d.ts is not what the document says: npm run generate";
    assert.ok(readFileSync(generated, "utf8") === readFileSync(join(here, "typescript/service.d.ts"), "utf8"), stale);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the client in Python is what the document generates", () => {
  execFileSync(python, ["python/generate.py", "--check"], { cwd: here, stdio: "inherit" });
});

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
  const { shapley } = await import("../build/tests/strict.js");
  const answer = await shapley(baseUrl, "not bad at all");
  assert.equal(answer.label, "positive");
  assert.deepEqual(answer.words.map(word => word.word), ["not", "bad", "at", "all"]);
  assert.ok(Math.abs(answer.sum - answer.value) < 1e-6);
});

test("lines of a stream are told apart by their fields", async () => {
  const { told } = await import("../build/tests/strict.js");
  const response = await fetch(`${baseUrl}/shap`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: '{"text": "not bad"}\n{"text": ""}\n',
  });
  const lines = (await response.text()).trim().split("\n").map(line => told(JSON.parse(line)));
  assert.match(lines[0], /^2 units from /);
  assert.match(lines[1], /^400: /);
});

test("the example in TypeScript tells the words, a stream, a refusal and a picture", async () => {
  const { example } = await import("../build/typescript/example.js");
  const told = await example(baseUrl);
  assert.match(told[0], /^minilm-sst2: \w+ \(0\.\d{3}\)$/);
  assert.match(told[1], /^-?0\.\d{4} (wonderful|terrible|absolutely)$/);
  assert.deepEqual(told.slice(-4, -2), ["positive", "refused"]);
  assert.match(told.at(-2), /^404: .*no-such-model/);
  assert.match(told.at(-1), /^image\/png of \d{4,} bytes$/);
});

test("the example in Python tells the same", () => {
  const told = execFileSync(python, ["python/example.py", baseUrl], { cwd: here, encoding: "utf8" }).trim().split("\n");
  assert.match(told[0], /^minilm-sst2: \w+ \(0\.\d{3}\)$/);
  const [, sum, value] = /^sum (\S+) value (\S+)$/.exec(told.at(-5));
  assert.equal(sum, value);
  assert.deepEqual(told.slice(-4, -2), ["positive", "refused"]);
  assert.match(told.at(-2), /^404: .*no-such-model/);
  assert.equal(told.at(-1), "picture b'<?xm'");
});

test("the methods of a model have names for people", async () => {
  const { titles } = await import("../build/tests/strict.js");
  const names = await titles(baseUrl, "minilm-sst2");
  assert.ok(names.includes("Integrated gradients") && names.includes("Shapley values"));
});

async function ready() {
  return await fetch(`${baseUrl}/health/ready`).then(response => response.ok, () => false);
}

function hasHttpx(candidate) {
  try {
    execFileSync(candidate, ["-c", "import httpx"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
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
