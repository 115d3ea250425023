// Every view can be taken along: as a command, as numbers, as a picture, as a link.

import { curl, picture } from "./api.js";
import { byId, h, saveAs } from "./dom.js";
import { writeAddress } from "./state.js";
import { isDark } from "./themes.js";

let clearing;

/** Says something in passing. */
export function toast(message) {
  const place = byId("toast");
  place.textContent = message;
  place.classList.add("on");
  clearTimeout(clearing);
  clearing = setTimeout(() => place.classList.remove("on"), 2500);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that are not served securely have no clipboard; a selection still copies.
    const area = h("textarea", { class: "offscreen", value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(what + " copied");
}

/** `views` of a request: the only pictures that its answer has; left out: all that are on offer. */
async function download(requests, view, kind) {
  const [mediaType, extension] = kind === "SVG" ? ["image/svg+xml", "svg"] : ["image/png", "png"];
  for (const request of requests.filter(({ views }) => !views || views.includes(view))) {
    try {
      const drawn = await picture(request, mediaType, { view, theme: isDark() ? "dark" : "light", ...request.picture?.(view) });
      const name = [request.body.model, request.path.replace("/", ""), request.body.method ?? request.body.aggregate, view].filter(Boolean).join("-");
      saveAs(drawn, `${name}.${extension}`);
      toast(kind + " downloaded");
    } catch (problem) {
      toast(`No ${kind}: ${problem.detail ?? problem.message}`);
    }
  }
}

/**
 * The toolbar.
 * @param current gives the requests and answers that the view shows.
 * @returns { element, offer(names) }: the names of the service's pictures of them, the first chosen unless another was.
 */
export function actions(current) {
  const view = h("select", { class: "small", name: "picture" });
  const button = (label, act) => h("button", { type: "button", class: "small", on: { click: () => act(current()) } }, label);
  const one = list => list.length === 1 ? list[0] : list;
  const offer = names => {
    if ([...view.options].map(option => option.value).join() === names.join()) return;
    const chosen = names.includes(view.value) ? view.value : names[0];
    view.replaceChildren(...names.map(name => h("option", { value: name, selected: name === chosen }, name)));
  };
  const element = h("div", { class: "actions", role: "toolbar", "aria-label": "Take along" },
    button("Copy as curl", ({ requests }) => copy(requests.map(curl).join("\n"), "Command")),
    button("Copy JSON", ({ answers }) => copy(JSON.stringify(one(answers), null, 2), "JSON")),
    h("span", { class: "group" },
      h("label", { class: "picture" }, "Picture ", view),
      button("Download SVG", ({ requests }) => download(requests, view.value, "SVG")),
      button("Download PNG", ({ requests }) => download(requests, view.value, "PNG"))),
    button("Copy link", () => {
      writeAddress();
      copy(location.href, "Link");
    }));
  return { element, offer };
}
