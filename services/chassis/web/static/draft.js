// Keeps what is typed into a draft: sends it in between, and holds it in this browser until the receipt is there.
// Without this file the button of the page saves it all the same.
const form = document.querySelector("form[data-draft]");
const slot = form ? `relais:${form.dataset.draft}` : "";
const sent = sessionStorage.getItem("relais:sent");
if (sent && sent !== slot) localStorage.removeItem(sent); // the page after it is there, so it was saved
sessionStorage.removeItem("relais:sent");
if (form) {
  const receipt = document.getElementById("receipt");
  const left = () => ["csrf", "idempotency_key", "version", "do"];
  const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !left().includes(name));
  let timer = null;
  let sending = false;

  const say = (text) => { receipt.textContent = text; };

  const restore = () => {
    const kept = JSON.parse(localStorage.getItem(slot) || "null");
    if (!kept) return;
    for (const input of form.elements) {
      if (!input.name || left().includes(input.name) || input.type === "file") continue;
      const values = kept.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
      else if (values.length) input.value = values[0];
    }
    say(form.dataset.restored);
    later(200);
  };

  const send = async () => {
    if (sending) return later(500);
    sending = true;
    const before = JSON.stringify(typed());
    const body = new URLSearchParams(typed());
    body.set("version", form.elements.version.value);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body, redirect: "manual", headers: { "X-CSRF-Token": document.querySelector("meta[name=csrf]").content },
      });
      const saved = answer.headers.get("X-Saved");
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return say(form.dataset.signedOut);
      if (!saved) throw new Error(String(answer.status));
      const text = await answer.text();
      if (/^\d+$/.test(saved)) {
        form.elements.version.value = saved;
        receipt.innerHTML = text.split("<input")[0];
        if (JSON.stringify(typed()) === before) localStorage.removeItem(slot);
      } else say(text);
    } catch {
      say(form.dataset.unsaved);
      later(4000);
    } finally {
      sending = false;
    }
  };

  const later = (delay) => { clearTimeout(timer); timer = setTimeout(send, delay); };

  const changed = () => {
    localStorage.setItem(slot, JSON.stringify(typed()));
    later(1200);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sessionStorage.setItem("relais:sent", slot);
  });
  window.addEventListener("online", () => { if (localStorage.getItem(slot)) send(); });
  if (document.querySelector("[role=alert]")) localStorage.removeItem(slot);
  restore();
}
