// Turns the search for an organisation into a combobox: what fits is listed while one types, and chosen by arrow keys
// and Enter or by a click. Without this file one searches with the button and chooses of what is found.
for (const place of document.querySelectorAll("form[data-organisations] [data-search]")) {
  const form = place.closest("form");
  const at = place.dataset.search;
  const input = form.elements[`${at}-words`];
  const radios = [...place.querySelectorAll("input[type=radio]")];
  const checked = radios.find((radio) => radio.checked);
  const make = (tag, attributes) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const value = make("input", { type: "hidden", name: at, value: checked?.value ?? "" });
  const list = make("ul", { role: "listbox", id: `${input.id}-list`, class: "rl-combobox__list", "aria-label": place.dataset.label, hidden: "" });
  const said = make("p", { role: "status", class: "rl-note" });
  const around = make("div", { class: "rl-combobox" });
  let options = [];
  let active = -1;
  let asked = 0;
  let timer = null;

  const take = (group) => {
    const error = group.querySelector(".govuk-error-message");
    if (error) {
      input.before(error);
      input.classList.add("govuk-input--error");
      input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), error.id].filter(Boolean).join(" "));
    }
    for (const radio of radios) document.querySelector(`a[href="#${CSS.escape(radio.id)}"]`)?.setAttribute("href", `#${input.id}`);
    group.remove();
  };
  if (checked?.value) input.value = place.querySelector(`label[for="${CSS.escape(checked.id)}"]`).textContent.trim();
  if (radios.length) take(radios[0].closest(".govuk-form-group"));
  place.querySelector(`button[value="search:${CSS.escape(at)}"]`).remove();
  for (const [name, given] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
  })) input.setAttribute(name, given);
  input.before(around);
  around.append(input, list);
  around.after(said);
  place.append(value);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (index) => {
    active = (index + options.length) % options.length;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };
  const choose = (index) => {
    value.value = options[index].id;
    input.value = options[index].name;
    said.textContent = "";
    close();
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = () => {
    list.replaceChildren(...options.map(({ name }, n) => {
      const option = make("li", { role: "option", id: `${list.id}-${n}`, "aria-selected": "false" });
      option.textContent = name;
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(n); });
      return option;
    }));
    close();
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = options.length ? place.dataset.some.replace("{n}", options.length) : place.dataset.none;
  };
  const search = async () => {
    const mine = ++asked;
    if (!input.value.trim()) {
      options = [];
      said.textContent = "";
      return close();
    }
    const from = new URL(form.dataset.organisations, location.href);
    from.searchParams.set("question", at);
    from.searchParams.set("words", input.value);
    const answer = await fetch(from).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    options = await answer.json();
    if (mine === asked && document.activeElement === input) show();
  };

  input.addEventListener("input", () => {
    value.value = "";
    clearTimeout(timer);
    timer = setTimeout(search, 200);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "Escape" && open) close();
    else if (event.key === "Enter" && open && active >= 0) choose(active);
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && open) point(event.key === "ArrowUp" ? (active < 0 ? -1 : active - 1) : active + 1);
    else if (event.key === "ArrowDown" && !value.value) search();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => { asked += 1; close(); });
}
