// One tab stop for many items; arrow keys move between them (the roving tabindex of the ARIA practices).

/**
 * Makes `container`'s items one tab stop. `columns` is the width of a grid: up and down then move by a row.
 * `moved` is called with the item that the keys reached.
 */
export function roving(container, selector, { columns = 1, moved } = {}) {
  const items = () => [...container.querySelectorAll(selector)];
  const hold = item => {
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
  };
  const list = items();
  hold(list.find(item => item.getAttribute("aria-selected") === "true" || item.getAttribute("aria-current") === "true") ?? list[0]);
  container.addEventListener("focusin", event => {
    const item = event.target.closest(selector);
    if (item) hold(item);
  });
  container.addEventListener("keydown", event => {
    const all = items(), at = all.indexOf(event.target.closest(selector));
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const forward = getComputedStyle(container).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + forward, ArrowLeft: at - forward, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const item = all[Math.min(all.length - 1, Math.max(0, to))];
    if (columns > 1 && (to < 0 || to >= all.length)) return;
    item.focus();
    moved?.(item);
  });
}
