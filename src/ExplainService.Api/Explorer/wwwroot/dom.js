// Elements from data. Text only ever enters the page as text nodes, so nothing a caller types can become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else if (name === "data") for (const [key, item] of Object.entries(value)) item !== undefined && (element.dataset[key] = item);
    else if (name === "vars") for (const [key, item] of Object.entries(value)) element.style.setProperty("--" + key, item);
    else if (name in element && typeof value !== "string" && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element: h("p", { class: "hint" }, "text"). `vars` sets CSS custom properties, `data` data attributes, `on` listeners. */
export const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/** An SVG element. */
export const svg = (tag, props, ...children) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props ?? {})) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat(Infinity));
  return element;
};

/** A piece of a caller's text: kept apart from the direction of what surrounds it. */
export const isolated = text => h("bdi", null, text);

export const byId = id => document.getElementById(id);

/** Hands a file to the browser. */
export function saveAs(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Calls `action` once the calls stop coming for a while. */
export function debounced(action) {
  let timer;
  return (wait, ...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), wait);
  };
}
