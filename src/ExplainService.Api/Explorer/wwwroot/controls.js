// Forms from descriptions: one field is { name, label, kind, choices | min/max/step, initial, when, help }.

import { h } from "./dom.js";

const inputs = {
  select: (field, value, off) => h("select", null, choicesOf(field, value).map(([choice, label]) => {
    const reason = off(choice);
    return h("option", { value: choice, disabled: Boolean(reason), title: reason, selected: choice === value }, reason ? label + " (not here)" : label);
  })),
  number: (field, value) => h("input", { type: "number", min: field.min, max: field.max, step: field.step ?? 1, value, placeholder: field.placeholder, inputmode: "decimal" }),
  text: (field, value) => h("input", { type: "text", dir: "auto", value, placeholder: field.placeholder, autocomplete: "off", spellcheck: "false" }),
  check: (_, value) => h("input", { type: "checkbox", checked: value === "true" }),
};

/** A value that is kept until the choices are known is shown by its own name. */
const choicesOf = ({ choices }, value) => choices.some(([choice]) => choice === value) ? choices : [...choices, [value, value]];

/** A field's value as the state keeps it: text, as in the address. */
const read = (field, input) => field.kind === "check" ? String(input.checked) : input.value;

/** A field's default, as the state would keep it. */
const initial = field => String(field.initial ?? "");

/**
 * The one rule of all controls: what is not in the state, is empty there, or is no choice of the field (any more) is at its default. The
 * form shows this value, and requests are made from it. A field that is `open` does not know its choices yet.
 */
function setting(field, chosen) {
  const value = String(chosen?.[field.name] ?? "");
  if (value === "") return initial(field);
  if (field.kind === "check") return value === "true" || value === "false" ? value : initial(field);
  return field.kind !== "select" || field.open || field.choices.some(([choice]) => choice === value) ? value : initial(field);
}

const typed = (field, value) => field.kind === "check" ? value === "true" : field.kind !== "number" ? value : value === "" ? undefined : Number(value);

/** Values of a form, defaults filled in; number fields that are empty are undefined. A field that is not shown is at its default. */
export function valuesOf(fields, chosen = {}) {
  const values = Object.fromEntries(fields.map(field => [field.name, typed(field, setting(field, chosen))]));
  for (const field of fields) if (field.when && !field.when(values)) values[field.name] = typed(field, initial(field));
  return values;
}

/** The chosen values after a change of some: what is back at its default is not chosen. */
export const changed = (chosen, patch) => Object.fromEntries(Object.entries({ ...chosen, ...patch }).filter(([, value]) => value !== ""));

/**
 * Draws a form.
 * @param report called with { name: value } of the field that changed; an empty text takes a field back to its default.
 * @param unsupported (field, choice) → why the model does not take it, if it does not.
 */
export function form(fields, chosen, report, unsupported = () => undefined) {
  const values = valuesOf(fields, chosen);
  return fields.filter(field => !field.when || field.when(values)).map(field => {
    const input = inputs[field.kind](field, setting(field, chosen), choice => unsupported(field, choice));
    input.name = field.name;
    // Text and numbers answer while they are typed; choices when they are made.
    input.addEventListener(field.kind === "number" || field.kind === "text" ? "input" : "change", () => {
      const now = read(field, input);
      report({ [field.name]: now === initial(field) ? "" : now });
    });
    return h("label", { class: field.kind === "check" ? "field check" : "field", title: field.help },
      field.kind === "check" ? [input, h("span", null, field.label)] : [h("span", null, field.label), input]);
  });
}
