// The theme button: as the system has it, light, dark.

import { byId } from "./dom.js";

const order = ["auto", "light", "dark"];
const root = document.documentElement;
const chosen = () => root.dataset.theme ?? "auto";

/** Whether the page is dark now, by choice or by the system. */
export const isDark = () => chosen() === "dark" || (chosen() === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);

export function buildTheme() {
  const button = byId("theme");
  const say = () => (button.textContent = "Theme: " + chosen());
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(chosen()) + 1) % order.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* storage may be switched off */ }
    say();
  });
  say();
}
