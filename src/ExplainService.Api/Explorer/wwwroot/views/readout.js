// One line that spells out what the pointer or the focus is on. It is always there, so nothing moves when it speaks.

import { h } from "../dom.js";

/** An element with `say(...parts)`, and `watch(container, selector, describe)` that has it follow pointer and focus. */
export function readout(initial) {
  const element = h("p", { class: "readout" }, initial);
  const say = (...parts) => element.replaceChildren(...parts.flat().filter(part => part !== null && part !== undefined));
  return {
    element, say,
    watch(container, selector, describe) {
      for (const event of ["mouseover", "focusin"]) container.addEventListener(event, ({ target }) => {
        const item = target.closest(selector);
        if (item) say(describe(item));
      });
      for (const event of ["mouseleave", "focusout"]) container.addEventListener(event, () => say(initial));
    },
  };
}
