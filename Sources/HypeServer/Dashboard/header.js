// The bar at the top: health, connection, theme, log-in.

import { api } from "./api.js";
import { byId, el, icon, memory, setAttribute, setText } from "./dom.js";
import { setUpPopover } from "./popover.js";
import { partName, span } from "./words.js";

const CONNECTIONS = { connecting: "Connecting…", open: "Connected", lost: "Reconnecting…" };
const HEALTH = { ok: "Healthy", degraded: "Degraded", missing: "Out of order" };
const STATES = { ok: "works", degraded: "works in part", missing: "missing" };
const THEMES = [null, "dark", "light"];

export function createHeader(store, on) {
  const { state } = store;
  store.watch(["connection"], renderConnection);
  store.watch(["health"], renderHealth);
  store.watch(["login"], renderLogin);
  setUpPopover(byId("health-button"), byId("health-panel"));
  byId("logout-button").addEventListener("click", on.logOut);

  const theme = byId("theme-button");
  theme.addEventListener("click", nextTheme);
  renderTheme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => on.recolour());

  function renderConnection() {
    const node = byId("connection");
    setAttribute(node, "data-state", state.connection);
    setText(node.lastElementChild, CONNECTIONS[state.connection]);
  }

  function renderHealth() {
    const report = state.health;
    const button = byId("health-button");
    setAttribute(button, "data-state", report?.status ?? null);
    setText(button.querySelector(".label"), report ? HEALTH[report.status] ?? report.status : "Health");
    if (!report) return;
    byId("health-panel").replaceChildren(
      el("h2", { text: "Health" }),
      el("ul", { class: "parts" }, ...Object.entries(report.parts).map(([part, entry]) =>
        el("li", { data: { state: entry.state } }, el("i", { class: "lamp", "aria-hidden": "true" }),
          el("b", { text: partName(part) }), el("span", { class: "state", text: STATES[entry.state] ?? entry.state }),
          entry.reason ? el("p", { text: entry.reason }) : null))),
      el("p", { class: "fine", text: `Version ${report.version}, up for ${span(report.uptime)}, ${report.sessions} ${report.sessions === 1 ? "session" : "sessions"} running` }),
    );
  }

  function renderLogin() {
    byId("logout-button").hidden = !(state.login.required && state.login.authenticated);
    const dialog = byId("login-dialog");
    const wanted = state.login.required && !state.login.authenticated;
    if (wanted && !dialog.open) dialog.showModal();
    if (!wanted && dialog.open) dialog.close();
  }

  setUpLogin(on.loggedIn);
  return { nextTheme };

  function nextTheme() {
    const next = THEMES[(THEMES.indexOf(memory.get("theme")) + 1) % THEMES.length];
    memory.set("theme", next);
    if (next) document.documentElement.dataset.theme = next;
    else delete document.documentElement.dataset.theme;
    renderTheme();
    on.recolour();
  }

  function renderTheme() {
    const now = THEMES.includes(memory.get("theme")) ? memory.get("theme") : null;
    theme.replaceChildren(icon({ dark: "moon", light: "sun" }[now] ?? "system"));
    setAttribute(theme, "aria-label", `Theme: ${now ?? "as the system"}`);
    setAttribute(theme, "title", `Theme: ${now ?? "as the system"}`);
  }
}

function setUpLogin(loggedIn) {
  const dialog = byId("login-dialog");
  const form = dialog.querySelector("form");
  const error = byId("login-error");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const token = form.elements.token;
    error.hidden = true;
    const fail = (text) => {
      error.textContent = text;
      error.hidden = false;
      token.focus();
      token.select();
    };
    if (!token.value) { fail("Enter the token."); return; }
    try {
      await api.logIn(token.value);
      token.value = "";
      loggedIn();
    } catch (problem) {
      fail(problem.status === 401 ? "That is not the token of this server." : problem.message);
    }
  });
}
