// Single keys for what is done often during a stream. They can be switched off in the help.

import { byId, el, isTyping, memory } from "./dom.js";

/** @param actions a list of `{ keys, text, run }`; without `run` the entry is only explained (its own view hears the key). */
export function createShortcuts(actions) {
  const help = byId("help-dialog");
  const box = byId("keys-on");
  let on = memory.get("keys") !== "off";
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    memory.set("keys", on ? null : "off");
  });
  byId("shortcut-list").replaceChildren(...actions.filter((action) => action.text).map((action) =>
    el("div", {}, el("dt", {}, ...action.keys.map((key) => el("kbd", { text: NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key) }))), el("dd", { text: action.text }))));
  const openHelp = () => { if (!document.querySelector("dialog[open]")) help.showModal(); };
  byId("help-button").addEventListener("click", openHelp);
  help.addEventListener("click", (event) => { if (event.target === help) help.close(); });

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") { openHelp(); event.preventDefault(); return; }
    if (!on) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = actions.find((candidate) => candidate.run && candidate.keys.includes(key));
    if (!action) return;
    event.preventDefault();
    action.run();
  });
}

const NAMES = { ArrowLeft: "←", ArrowRight: "→", " ": "Space" };
