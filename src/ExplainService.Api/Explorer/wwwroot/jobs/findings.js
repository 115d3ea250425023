// What jobs of one kind alone find: comparisons of methods, meanings of neurons, drift; and how far scores can be trusted.

import { h, isolated } from "../dom.js";
import { largest, number, percent, signed } from "../numbers.js";
import { faithfulness } from "../views/faithfulness.js";
import { count } from "./progress.js";
import { between, scoreCell, table } from "./tables.js";

const trusted = ({ method, area, standard_error: error, random, z }) => h("p", { class: "decision" },
  `How faithful the scores of ${method} are: area ${number(area)}`, error === undefined ? "" : ` ± ${number(error)}`, random === undefined ? "" : `, of random rankings ${number(random)}`, z === undefined ? "" : `, z ${signed(z, 1)}`);

const comparison = found => [found.recommendation ? h("p", { class: "decision" }, found.recommendation.reason) : null, ...faithfulness(found)];

const meanings = found => table("What raises neurons in these rows", ["Neuron", "Words", "Goes with", "Strongest at"], found.map(({ layer, neuron, words, labels, examples: [example] }) => [
  `${layer}.${neuron}`, h("td", null, words.slice(0, 5).map(({ word }, place) => [place ? ", " : "", isolated(word)])),
  h("td", null, labels.slice(0, 2).map(({ label, correlation }, place) => [place ? ", " : "", isolated(label), ` ${signed(correlation, 2)}`])),
  h("td", null, example ? [isolated(example.token), ` ${number(example.activation, 2)} (row ${example.text})`] : "\u2013"),
]));

function drift({ rows, flipped, flips, labels, words, ndcg }) {
  return [
    h("p", { class: "decision" }, flipped === undefined ? "No row can be compared." : `${percent(flipped)} of ${count(rows)} rows are predicted another label.`, ndcg === undefined ? "" : ` The least agreement of words (NDCG) is ${number(ndcg)}.`),
    h("div", { class: "columns" },
      table("Labels: share of the rows", ["Label", "Before", "Now", "Now − before"], labels.map(({ label, before, now }) => [label, percent(before), percent(now), signed(100 * (now - before), 1) + " points"])),
      flips.length ? table("Changed labels", ["From", "To", "Rows"], flips.map(({ from, to, rows: changed }) => [from, to, count(changed)])) : null),
    h("div", { class: "columns" }, words.map(list => {
      const most = largest(list.strongest.flatMap(({ before, now }) => [before, now]));
      return table(`Words of “${list.label}” that moved (${count(list.moved)} of ${count(list.shared)}; NDCG ${number(list.ndcg)})`, ["Word", "Before", "95 %", "Now"],
        list.strongest.map(({ word, before, low, high, now }) => [word, scoreCell(before, most), between(low, high), scoreCell(now, most)]));
    })),
  ];
}

const parts = { faithfulness: trusted, comparison, meanings, drift };

/** Nodes: what a summary has of these. */
export const findings = summary => Object.entries(parts).filter(([name]) => summary[name]).map(([name, view]) => view(summary[name])).flat();
