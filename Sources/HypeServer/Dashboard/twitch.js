// The account on Twitch: who is logged in, and logging in with a code that is entered on Twitch's own page.

import { api } from "./api.js";
import { byId, el, icon, setAttribute, setText } from "./dom.js";
import { confirm, copy, note, orNote } from "./notes.js";
import { setUpPopover } from "./popover.js";
import { countdown } from "./words.js";

/** Milliseconds between two questions while a code waits to be entered. */
const PAUSE = 3000;
const NAMES = { loggedOut: "not logged in", waiting: "waiting for the code", loggedIn: "logged in", failed: "the log-in failed" };

/** @param on `started(session)` after the own channel's chat began to be read. */
export function createTwitch(on) {
  const button = byId("twitch-button");
  const panel = byId("twitch-panel");
  const left = el("b");
  let account = null;
  let problem = null;
  let timer = null;
  let ticking = null;
  setUpPopover(button, panel, load);

  async function load() {
    clearTimeout(timer);
    timer = null;
    const before = account?.state;
    try {
      account = await api.twitch();
      problem = null;
    } catch (error) {
      problem = error.message;
    }
    if (before === "waiting" && account?.state === "loggedIn") note(`Logged in to Twitch${account.login ? ` as ${account.login}` : ""}.`, "good");
    if (before === "waiting" && account?.state === "failed" && account.reason) note(account.reason, "bad");
    render();
    if (account?.state === "waiting") timer = setTimeout(load, PAUSE);
  }

  async function logIn() {
    const answer = await orNote(() => api.logInToTwitch());
    if (!answer) return;
    account = answer;
    render();
    panel.focus();
    timer ??= setTimeout(load, PAUSE);
  }

  async function logOut() {
    const sure = await confirm({ title: "Log out of Twitch?", text: `Chat is read anonymously then. ${account.login ?? "The account"} can log in again at any time.`, action: "Log out" });
    if (!sure) return;
    await orNote(() => api.logOutOfTwitch());
    load();
  }

  async function monitor() {
    const session = await orNote(() => api.monitor());
    if (session) on.started(session);
  }

  function render() {
    const state = account?.state ?? null;
    setAttribute(button, "data-state", state);
    setAttribute(button, "aria-label", `Twitch: ${NAMES[state] ?? "unknown"}${account?.login ? ` as ${account.login}` : ""}`);
    setAttribute(button, "title", button.getAttribute("aria-label"));
    const had = panel.contains(document.activeElement) ? document.activeElement.dataset.does : null;
    panel.replaceChildren(el("h2", { text: "Twitch" }), ...(problem ? [el("p", { class: "notice bad", text: problem })] : (BODIES[state] ?? (() => []))()));
    if (had) panel.querySelector(`[data-does=${had}]`)?.focus();
    clearInterval(ticking);
    ticking = state === "waiting" ? setInterval(tick, 1000) : null;
    if (ticking) tick();
  }

  function tick() {
    const rest = countdown(account.expiresAt, Date.now());
    setText(left, rest ?? "over");
    if (!rest) { clearInterval(ticking); load(); }
  }

  const act = (does, text, run, tone = "primary") => el("button", { class: tone, type: "button", text, data: { does }, on: { click: run } });
  const BODIES = {
    loggedOut: () => [
      el("p", { text: account.reason ?? "Nobody is logged in. Chat is read anonymously; with an account your channel is known, and raids, gifts and subscriptions are heard too." }),
      // Where the server says why nobody can log in, a button would only say it again.
      account.reason ? null : el("p", { class: "acts" }, act("in", "Log in", logIn)),
    ],
    failed: () => [
      el("p", { class: "notice bad", text: account.reason ?? "The last log-in failed." }),
      el("p", { class: "acts" }, act("in", "Log in again", logIn)),
    ],
    waiting: () => [
      el("p", { text: "Enter this code on Twitch's page; any device will do." }),
      el("p", { class: "user-code" }, el("code", { text: account.userCode }),
        el("button", { class: "ghost", type: "button", data: { does: "copy" }, "aria-label": "Copy the code", on: { click: () => copy(account.userCode, "The code") } }, icon("copy"), el("span", { text: "Copy" }))),
      el("p", { class: "acts" }, page(account.verificationUrl)),
      el("p", { class: "fine" }, "Valid for ", left, ". This page notices by itself."),
    ],
    loggedIn: () => [
      el("p", {}, "Logged in", ...(account.login ? [" as ", el("b", { text: account.login })] : []), "."),
      account.reason ? el("p", { class: "fine", text: account.reason }) : null,
      el("p", { class: "acts" }, act("monitor", "Watch my channel", monitor), act("out", "Log out", logOut, "ghost")),
      el("p", { class: "fine", text: "Reads your chat, and waits for your encoder with the stream key “main”." }),
    ],
  };
  for (const [state, body] of Object.entries(BODIES)) BODIES[state] = () => body().filter(Boolean);

  return { load };
}

/** A link to Twitch's page; an address that is none becomes text. */
function page(address) {
  const safe = /^https?:\/\//i.test(address ?? "");
  return safe
    ? el("a", { class: "primary", href: address, target: "_blank", rel: "noopener noreferrer", data: { does: "open" }, text: "Open Twitch's page" })
    : el("span", { text: address ?? "" });
}
