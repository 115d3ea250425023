// Two jobs side by side: how well the model does in each, what it predicts, and the words that speak for each label.

import { h, isolated } from "../dom.js";
import { largest, percent, signed } from "../numbers.js";
import { warningList } from "../views/notes.js";
import { getJob, getSummary } from "./api.js";
import { kindOf } from "./kinds.js";
import { nameOf } from "./list.js";
import { count } from "./progress.js";
import { figures } from "./summary.js";
import { scoreCell, table } from "./tables.js";

/** How many words of each job are looked at, and listed. */
const KNOWN = 200;
const LISTED = 15;

const heads = first => [first, "First", "Second", "Second − first"];

const difference = (left, right, write = signed) => left === undefined || right === undefined ? "–" : write(right - left);

const points = value => signed(100 * value, 1) + " points";

function performances([left, right]) {
  if (!left && !right) return null;
  const cell = (own, field, write) => own ? write(own[field]) : "–";
  return table("Performance", heads("Figure"), [
    ["Rows with labels", left ? count(left.rows) : "–", right ? count(right.rows) : "–", ""],
    ...figures.map(([field, label, write]) => [label, cell(left, field, write), cell(right, field, write), difference(left?.[field], right?.[field], write === percent ? points : signed)]),
  ]);
}

function predictions([left, right]) {
  const labels = [...new Set([...left, ...right].map(({ label }) => label))];
  if (!labels.length) return null;
  const share = (list, label) => list.find(one => one.label === label)?.share ?? 0;
  return table("Predictions: share of the rows", heads("Label"), labels.map(label => [label, percent(share(left, label)), percent(share(right, label)), points(share(right, label) - share(left, label))]));
}

/** Of each label the strongest words of either job, with what both say of them. */
function words([left, right]) {
  const labels = [...new Set([...left, ...right].map(({ label }) => label))];
  return labels.map(label => {
    const [one, other] = [left, right].map(lists => new Map((lists.find(list => list.label === label)?.words ?? []).map(word => [word.word, word.mean])));
    const strength = word => Math.max(Math.abs(one.get(word) ?? 0), Math.abs(other.get(word) ?? 0));
    const strongest = [...new Set([...one.keys(), ...other.keys()])].sort((a, b) => strength(b) - strength(a)).slice(0, LISTED);
    const most = largest(strongest.flatMap(word => [one.get(word) ?? 0, other.get(word) ?? 0]));
    return table(`Words for and against “${label}”: mean scores`, heads("Word"),
      strongest.map(word => [word, scoreCell(one.get(word), most), scoreCell(other.get(word), most), difference(one.get(word), other.get(word))]));
  });
}

const title = (place, job) => h("li", null, h("strong", null, `${place}: `), isolated(nameOf(job)), h("span", { class: "facts" }, ` ${[kindOf(job.kind).label, job.request?.model, job.state].filter(Boolean).join(" · ")}`));

/** Nodes of the comparison of two jobs, by their ids. */
export async function comparisonView(ids) {
  const [jobs, summaries] = await Promise.all([Promise.all(ids.map(getJob)), Promise.all(ids.map(id => getSummary(id, KNOWN)))]);
  const lists = summaries.map(summary => summary.words ?? []);
  const methods = new Set(jobs.map(job => job.request?.endpoint));
  return [
    h("h2", { class: "job-title" }, "Two jobs compared"),
    h("ul", null, title("First", jobs[0]), title("Second", jobs[1])),
    warningList([
      ...jobs.some(job => job.state !== "succeeded") ? ["One of them is not done: what is compared is of the rows so far."] : [],
      ...lists.every(list => list.length) && methods.size > 1 ? ["Their words were scored by different methods, whose scores have no common scale."] : [],
    ]),
    h("p", { class: "facts" }, summaries.map(({ answered }, place) => `${place ? "Second" : "First"}: ${count(answered)} rows answered`).join(" · ")),
    h("div", { class: "columns" }, performances(summaries.map(({ performance }) => performance)), predictions(summaries.map(summary => summary.predictions))),
    h("div", { class: "columns" }, words(lists)),
    lists.some(list => list.length) ? null : h("p", { class: "hint" }, "Neither has scored words: jobs of the kinds “Explanations” and “Words by label” do."),
  ].filter(Boolean);
}
