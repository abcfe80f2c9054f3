// Short notes at the edge of the page, and the question before something is deleted.

import { byId, el, icon } from "./dom.js";

/** How long a note stays, in milliseconds; an error stays until it is closed. */
const STAY = 6000;
const AT_MOST = 4;

/** @param tone `good`, `warn`, `bad` or nothing. */
export function note(text, tone = "") {
  const place = shelf();
  const twin = [...place.children].find((node) => node.dataset.text === text);
  twin?.remove();
  const close = () => node.remove();
  const node = el("div", { class: `toast ${tone}`, role: tone === "bad" ? "alert" : null, data: { text } },
    el("p", { text }), el("button", { class: "ghost square", type: "button", "aria-label": "Close this note", on: { click: close } }, icon("close")));
  place.append(node);
  while (place.children.length > AT_MOST) place.firstElementChild.remove();
  if (tone !== "bad") {
    let timer = setTimeout(close, STAY);
    node.addEventListener("pointerenter", () => clearTimeout(timer));
    node.addEventListener("pointerleave", () => { timer = setTimeout(close, STAY); });
  }
}

/** Where notes lie: within an open dialog, because nothing outside of it can be reached or is read out. */
function shelf() {
  const place = byId("toasts");
  const dialog = [...document.querySelectorAll("dialog[open]")].pop();
  const home = dialog ?? document.body;
  if (place.parentElement === home) return place;
  home.append(place);
  dialog?.addEventListener("close", () => { if (place.parentElement === dialog) shelf(); }, { once: true });
  return place;
}

/** Copies a text that somebody wants elsewhere; `what` names it. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    note(`${what} was copied.`);
  } catch {
    // Without TLS on another host the clipboard is out of reach: show it to be copied by hand.
    note(`${what}: ${text}`);
  }
}

/** Runs something and shows its error as a note; answers undefined then. */
export async function orNote(work) {
  try {
    return await work();
  } catch (error) {
    note(error.message, "bad");
    return undefined;
  }
}

/** Asks before something that cannot be taken back. */
export function confirm({ title, text, action }) {
  const dialog = byId("confirm-dialog");
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  dialog.querySelector(".danger").textContent = action;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
