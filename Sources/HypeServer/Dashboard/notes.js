// Short notes at the edge of the page, and the question before something is deleted.

import { byId, el, icon } from "./dom.js";

/** How long a note stays, in milliseconds; an error stays until it is closed. */
const STAY = 6000;
const AT_MOST = 4;

/** @param tone `good`, `bad` or nothing. */
export function note(text, tone = "") {
  const place = byId("toasts");
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
