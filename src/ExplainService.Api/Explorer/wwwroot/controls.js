// Forms from descriptions: one field is { name, label, kind, choices | min/max/step, initial, when, help }.

import { h } from "./dom.js";

const inputs = {
  select: (field, value, off) => h("select", null, field.choices.map(([choice, label]) => {
    const reason = off(choice);
    return h("option", { value: choice, disabled: Boolean(reason), title: reason, selected: choice === value }, reason ? label + " (not here)" : label);
  })),
  number: (field, value) => h("input", { type: "number", min: field.min, max: field.max, step: field.step ?? 1, value, placeholder: field.placeholder, inputmode: "decimal" }),
  text: (field, value) => h("input", { type: "text", dir: "auto", value, placeholder: field.placeholder, autocomplete: "off", spellcheck: "false" }),
  check: (_, value) => h("input", { type: "checkbox", checked: value === true || value === "true" }),
};

/** A field's value as the state keeps it: text, as in the address. */
const read = (field, input) => field.kind === "check" ? String(input.checked) : input.value;

/** Values of a form, defaults filled in; number fields that are empty are undefined. */
export function valuesOf(fields, chosen = {}) {
  return Object.fromEntries(fields.map(field => {
    const value = chosen[field.name] ?? field.initial ?? "";
    if (field.kind === "number") return [field.name, value === "" ? undefined : Number(value)];
    return [field.name, field.kind === "check" ? String(value) === "true" : value];
  }));
}

/**
 * Draws a form.
 * @param changed called with { name: value } of the field that changed; an empty text takes a field back to its default.
 * @param unsupported (field, choice) → why the model does not take it, if it does not.
 */
export function form(fields, chosen, changed, unsupported = () => undefined) {
  const values = valuesOf(fields, chosen);
  return fields.filter(field => !field.when || field.when(values)).map(field => {
    const value = chosen?.[field.name] ?? field.initial ?? "";
    const input = inputs[field.kind](field, field.kind === "number" ? String(value) : value, choice => unsupported(field, choice));
    input.name = field.name;
    // Text and numbers answer while they are typed; choices when they are made.
    input.addEventListener(field.kind === "number" || field.kind === "text" ? "input" : "change", () => {
      const now = read(field, input);
      changed({ [field.name]: now === String(field.initial ?? "") ? "" : now }, field);
    });
    return h("label", { class: field.kind === "check" ? "field check" : "field", title: field.help },
      field.kind === "check" ? [input, h("span", null, field.label)] : [h("span", null, field.label), input]);
  });
}
