// A panel that a button opens, and that Escape, the button or a click elsewhere closes.

import { setAttribute } from "./dom.js";

/** @param opened called each time the panel opens. */
export function setUpPopover(button, panel, opened = () => {}) {
  const set = (open) => {
    panel.hidden = !open;
    setAttribute(button, "aria-expanded", String(open));
    if (!open) return;
    opened();
    panel.focus();
  };
  const asked = () => document.querySelector("dialog[open]") !== null;
  button.addEventListener("click", () => set(panel.hidden));
  document.addEventListener("pointerdown", (event) => {
    if (!panel.hidden && !asked() && !panel.contains(event.target) && !button.contains(event.target)) set(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden || asked()) return;
    set(false);
    button.focus();
  });
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !asked() && !panel.contains(event.relatedTarget) && event.relatedTarget !== button) set(false);
  });
}
