// The text as typed, the text without the removed words, and the way back from one to the other.

const words = typeof Intl.Segmenter === "function" ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

/** Pieces to click before an answer has named its units. */
export function segments(text) {
  if (words) return [...words.segment(text)].filter(part => part.segment.trim()).map(part => ({ start: part.index, end: part.index + part.segment.length }));
  return [...text.matchAll(/\S+/gu)].map(match => ({ start: match.index, end: match.index + match[0].length }));
}

/** Sorted, overlapping ranges joined. */
export function merged(ranges) {
  const result = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else result.push({ ...range });
  }
  return result;
}

const blank = character => character !== undefined && /\s/u.test(character);

/** The text without some ranges, and for every offset in it the offset in the original. A removed word takes one of its two spaces with it. */
export function without(text, ranges) {
  const kept = [];
  let at = 0, from = 0, result = "";
  const keep = (start, end) => {
    if (end <= start) return;
    kept.push({ start, end, at });
    result += text.slice(start, end);
    at += end - start;
  };
  for (const { start, end } of merged(ranges)) {
    keep(from, start);
    from = Math.max(from, end);
    if (blank(text[from]) && (result === "" || blank(result.at(-1)))) from++;
  }
  keep(from, text.length);
  const back = offset => {
    const part = kept.findLast(piece => piece.at <= offset) ?? { start: 0, at: 0 };
    return part.start + offset - part.at;
  };
  return { text: result, back, range: unit => ({ start: back(unit.start), end: unit.end > unit.start ? back(unit.end - 1) + 1 : back(unit.start) }) };
}

/** Ranges carried over an edit of the text: what stands before and after the edited part keeps its place in the words. */
export function carried(ranges, before, after) {
  let head = 0, tail = 0;
  const most = Math.min(before.length, after.length);
  while (head < most && before[head] === after[head]) head++;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const shift = after.length - before.length;
  return ranges.flatMap(range => range.end <= head ? [range]
    : range.start >= before.length - tail ? [{ ...range, start: range.start + shift, end: range.end + shift }] : []);
}

/** The direction of the first letter that has one. */
export function direction(text) {
  const first = text.match(/\p{L}/u)?.[0];
  return first && /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first) ? "rtl" : "ltr";
}

/** What a token is called: its text, where it has one that can be seen. */
export const nameOf = token => token.special || !token.text.trim() ? token.token : token.text;
