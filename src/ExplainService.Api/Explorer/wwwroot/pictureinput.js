// Where a picture comes in: a place to drop it, to paste it, or to pick it from.

import { byId, h } from "./dom.js";
import { hiddenCount, picture, showAll, take } from "./picture.js";
import { change } from "./state.js";

const place = () => byId("picture-field");

async function bring(file) {
  const said = byId("picture-said");
  try {
    const patch = await take(file);
    said.textContent = "";
    change({ ...patch, target: {} });
    drawPicture();
  } catch (problem) {
    said.textContent = problem.message;
  }
}

const fileOf = transfer => [...(transfer?.files ?? [])].find(file => file.type.startsWith("image/")) ?? transfer?.files?.[0];

/** Builds the place; it is shown where the model reads pictures. */
export function buildPictureInput() {
  const input = h("input", { type: "file", id: "picture-file", accept: "image/png,image/jpeg,image/webp", class: "offscreen", "aria-label": "Picture", on: { change: () => bring(input.files[0]) } });
  const drop = h("label", { class: "drop", for: "picture-file" },
    h("img", { id: "picture-thumb", alt: "", hidden: true }), h("span", { id: "picture-name" }, "Drop a picture here, paste one, or press to pick one. PNG, JPEG, WebP."));
  place().append(input, drop, h("p", { id: "picture-said", class: "hint broken", role: "alert" }),
    h("div", { class: "row removal" },
      h("button", { type: "button", id: "picture-restore", disabled: true, on: { click: () => change(showAll()) } }, "Show all patches"),
      h("p", { class: "hint", id: "picture-hint", "aria-live": "polite" })));
  for (const event of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(event, happened => {
      happened.preventDefault();
      drop.classList.toggle("over", event === "dragover");
      if (event === "drop") bring(fileOf(happened.dataTransfer));
    });
  }
  document.addEventListener("paste", event => {
    if (place().hidden || !fileOf(event.clipboardData)) return;
    event.preventDefault();
    bring(fileOf(event.clipboardData));
  });
  drawPicture();
}

/** Draws what was picked and how much of it is hidden. */
export function drawPicture() {
  const shown = picture();
  byId("picture-thumb").hidden = !shown;
  if (shown) {
    if (byId("picture-thumb").src !== shown.url) byId("picture-thumb").src = shown.url;
    byId("picture-name").textContent = `${shown.name}, ${shown.width} × ${shown.height}. Drop, paste or pick another.`;
  }
  const count = hiddenCount();
  byId("picture-restore").disabled = !count;
  byId("picture-hint").textContent = count ? `${count} ${count === 1 ? "patch" : "patches"} hidden.` : shown ? "Press a patch of the explanation to hide it. A link does not hold the picture." : "";
}
