// Where an encoder sends its stream, and the stream keys: shown, made, renewed, taken away.

import { api } from "./api.js";
import { el, icon, reconcile, setAttribute, setText } from "./dom.js";
import { confirm, copy, note, orNote } from "./notes.js";

const HIDDEN = "••••••••••••";
const NAME = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * A line with a value to be put into another program.
 * @param secret whether it is hidden until somebody asks.
 * @returns the line, and `set` for its value.
 */
export function createCopyLine(name, secret = false) {
  let value = "";
  let shown = !secret;
  const code = el("code");
  const show = el("button", { class: "ghost", type: "button", on: { click: () => { shown = !shown; render(); } } });
  const button = el("button", { class: "ghost", type: "button", "aria-label": `Copy: ${name}`, on: { click: () => copy(value, name) } }, icon("copy"), el("span", { text: "Copy" }));
  const node = el("p", { class: "copy-line" }, el("span", { class: "what", text: name }), code, secret ? show : null, button);
  function render() {
    setText(code, shown ? value : HIDDEN);
    setAttribute(code, "aria-label", shown ? null : "hidden");
    if (!secret) return;
    setText(show, shown ? "Hide" : "Show");
    setAttribute(show, "aria-label", `${shown ? "Hide" : "Show"}: ${name}`);
    setAttribute(show, "aria-pressed", String(shown));
  }
  render();
  return {
    node,
    set(next) { value = next; render(); },
    hide() { shown = !secret; render(); },
  };
}

/** The list of all keys, with what can be done to them. @param on `changed(chosen)` after any change, with a key to be chosen. */
export function createKeyList(on) {
  const list = el("ul", { class: "key-list" });
  const name = el("input", { type: "text", maxlength: 32, autocomplete: "off", spellcheck: "false", placeholder: "name", "aria-label": "Name of the new key" });
  const channel = el("input", { type: "text", maxlength: 64, autocomplete: "off", spellcheck: "false", placeholder: "channel (optional)", "aria-label": "Channel of the new key" });
  const make = el("button", { class: "ghost", type: "button", on: { click: makeOne } }, icon("plus"), el("span", { text: "Make a key" }));
  const node = el("details", { class: "more-options keys" }, el("summary", { text: "Manage stream keys" }),
    el("p", { class: "fine", text: "One key for each encoder. Its channel is the Twitch chat that is read when the encoder starts to send by itself." }),
    list, el("div", { class: "key-row make" }, name, channel, make));
  for (const field of [name, channel]) onEnter(field, makeOne);

  async function makeOne() {
    const wanted = name.value.trim();
    if (!NAME.test(wanted)) {
      note("The name of a key has 1 to 32 letters, digits, hyphens and underscores.", "bad");
      name.focus();
      return;
    }
    const key = await orNote(() => api.makeKey(wanted, channelOf(channel)));
    if (!key) return;
    name.value = "";
    channel.value = "";
    note(`The stream key “${key.name}” was made.`, "good");
    on.changed(key.name);
  }

  async function renew(key) {
    const sure = await confirm({
      title: "Renew this stream key?",
      text: `Encoders with the old key “${key.name}” cannot connect any more until they are given the new one. A stream that runs goes on.`,
      action: "Renew",
    });
    if (!sure || !(await orNote(() => api.renewKey(key.name)))) return;
    note(`The stream key “${key.name}” is a new one. Put it into your encoder.`, "good");
    on.changed(key.name);
  }

  async function remove(key) {
    const sure = await confirm({ title: "Remove this stream key?", text: `Encoders with the key “${key.name}” cannot connect any more.`, action: "Remove" });
    if (!sure) return;
    if ((await orNote(() => api.removeKey(key.name))) === undefined) return;
    note(`The stream key “${key.name}” was removed.`);
    on.changed(null);
  }

  async function changeChannel(node) {
    const field = node.querySelector("input");
    if ((node.key.channel ?? "") === channelOf(field)) return;
    const key = await orNote(() => api.changeKey(node.key.name, channelOf(field)));
    if (!key) { field.value = node.key.channel ?? ""; return; }
    note(key.channel ? `“${key.name}” reads the chat of ${key.channel} from its next session on.` : `“${key.name}” reads no chat any more.`, "good");
    on.changed(key.name);
  }

  function create(key) {
    const field = el("input", { type: "text", maxlength: 64, autocomplete: "off", spellcheck: "false", placeholder: "no channel", "aria-label": `Channel of the key ${key.name}` });
    const node = el("li", { class: "key-row" }, el("b", { text: key.name }), field,
      el("button", { class: "ghost", type: "button", "aria-label": `Renew the key ${key.name}`, text: "Renew", on: { click: () => renew(node.key) } }),
      el("button", { class: "ghost square", type: "button", "aria-label": `Remove the key ${key.name}`, on: { click: () => remove(node.key) } }, icon("bin")),
      el("span", { class: "fine" }));
    field.addEventListener("change", () => changeChannel(node));
    onEnter(field, () => field.blur());
    return node;
  }

  return {
    node,
    render(keys) {
      reconcile(list, keys, (key) => key.name, create, (row, key) => {
        row.key = key;
        const field = row.querySelector("input");
        if (document.activeElement !== field) field.value = key.channel ?? "";
        setText(row.lastChild, key.session ? "a session runs with it" : "");
      });
    },
  };
}

const channelOf = (field) => field.value.trim().replace(/^#/, "");

/** Enter in a field that belongs to a list inside a form does not send the form. */
function onEnter(field, run) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    run();
  });
}
