// How numbers are written, and the little arithmetic that the page does itself.

const MINUS = "\u2212";

/** −0.0123: three decimals, a true minus; what would read as zero and is not keeps its magnitude. */
export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && size < 0.5 * 10 ** -digits ? size.toExponential(1) : size.toFixed(digits);
  return (value < 0 ? MINUS : "") + text.replace("e-", "e" + MINUS);
}

/** As many decimals as let the largest of some numbers be read to two digits: for columns of like numbers. */
export const decimals = most => most > 0 ? Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(most)))) : 2;

/** The same for tables: nothing but fixed decimals, and no sign for what they round to nothing. */
export function fixed(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? "0" : (value > 0 ? "+" : MINUS) + text;
}

/**
 * Scores below a hundredth (of a probability, a logit, a nat) are never drawn in full colours: where nothing matters they are noise, and
 * the largest of them would look as if it did.
 */
export const FLOOR = 0.01;

/** The score of the strongest colour, of an answer's scores. */
export const scaleOf = (scores, answer) => Math.max(largest(scores), answer?.unsigned ? 0 : FLOOR * Math.min(1, Math.abs(answer?.prediction?.value ?? 1)));

/** +0.012 or −0.012. */
export const signed = (value, digits = 3) => (value > 0 ? "+" : "") + number(value, digits);

export const milliseconds = value => `${value.toFixed(value < 10 ? 1 : 0)} ms`;

/** "8 s" or "3 min", of milliseconds. */
export const duration = value => value < 90_000 ? `${Math.max(1, Math.round(value / 1000))} s` : `${Math.round(value / 60_000)} min`;

export const percent = value => (100 * value).toFixed(1) + " %";

export const largest = values => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

export const sum = values => values.reduce((total, value) => total + value, 0);

/** Ranks from 1, ties share their mean. */
function ranks(values) {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const result = new Array(values.length);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]] === values[order[first]]) last++;
    for (let place = first; place <= last; place++) result[order[place]] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return result;
}

/** Spearman's rank correlation; null where either side is constant. */
export function spearman(left, right) {
  const a = ranks(left), b = ranks(right), mean = (left.length + 1) / 2;
  let both = 0, one = 0, other = 0;
  for (let i = 0; i < a.length; i++) {
    both += (a[i] - mean) * (b[i] - mean);
    one += (a[i] - mean) ** 2;
    other += (b[i] - mean) ** 2;
  }
  return one > 0 && other > 0 ? both / Math.sqrt(one * other) : null;
}
