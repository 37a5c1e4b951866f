// Makes pages better, never possible: everything works without this file.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]").content;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const open = document.querySelector(".rl-menu[open]");
  if (open && !open.contains(event.target)) open.removeAttribute("open");
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".rl-menu[open]");
  if (event.key === "Escape" && open) {
    open.removeAttribute("open");
    open.querySelector("summary").focus();
  }
});
