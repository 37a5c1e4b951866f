// Makes pages better, never possible: everything works without this file.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]").content;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  for (const open of document.querySelectorAll(".rl-menu[open]")) {
    if (!open.contains(event.target)) open.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".rl-menu[open]");
  if (event.key === "Escape" && open) {
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  }
});

// Single keys work a list or a claim: only on pages that say so, never while one types, and they can be switched off.
const keysOff = () => localStorage.getItem("relais-keys") === "off";
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-toggle]")) localStorage.setItem("relais-keys", keysOff() ? "on" : "off");
});
document.addEventListener("keydown", (event) => {
  const page = document.querySelector("[data-keys]");
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (!page || typing || keysOff() || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const own = page.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const rows = [...page.querySelectorAll("[data-row]")];
  const now = rows.findIndex((row) => row.contains(document.activeElement) || row.hasAttribute("aria-current"));
  if (own) {
    event.preventDefault();
    own.matches("input") ? own.select() : own.click();
  } else if (key === "j" || key === "k") {
    const link = rows[now + (key === "j" ? 1 : -1)]?.querySelector("a");
    if (!link) return;
    event.preventDefault();
    rows[now]?.hasAttribute("aria-current") ? link.click() : link.focus();
  } else if (key === "x" && now >= 0) {
    rows[now].querySelector("input[type=checkbox]")?.click();
  }
});
