// A combobox after the ARIA pattern: the text stays free, a suggestion adds its INSEE code.
const WAIT_MS = 160;
const SHORTEST = 2;

class CommunePicker {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input[type=text]");
    this.code = root.querySelector("[data-code][type=hidden]");
    this.list = root.querySelector("[role=listbox]");
    this.announce = root.querySelector("[data-announce]");
    this.active = -1;
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.addEventListener("input", () => this.changed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    // The list keeps the focus in the field: a press there must not blur it.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.pick(event.target.closest("[role=option]")));
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  changed() {
    this.code.value = "";
    clearTimeout(this.timer);
    this.request?.abort();
    if (this.input.value.trim().length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const url = new URL(this.input.dataset.suggestions, location.href);
    url.searchParams.set("q", this.input.value.trim());
    this.request = new AbortController();
    let answer;
    try {
      answer = await fetch(url, { signal: this.request.signal, headers: { "HX-Request": "true" } });
    } catch (error) {
      // Replaced by a newer question, or no network: the typed text is resolved on submit.
      if (error.name !== "AbortError") this.close();
      return;
    }
    if (!answer.ok) return this.close();
    this.list.innerHTML = await answer.text();
    this.options().forEach((option, index) => { option.id = `${this.list.id}-${index}`; });
    this.open();
  }

  open() {
    const count = this.options().length;
    this.active = -1;
    this.list.hidden = count === 0;
    this.input.setAttribute("aria-expanded", String(count > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.announce.textContent = count
      ? `${count} commune${count > 1 ? "s" : ""} proposée${count > 1 ? "s" : ""}`
      : "Aucune commune trouvée";
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const options = this.options();
    if (!options.length) return;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = (this.active + step + options.length) % options.length;
    const option = options[this.active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp") this.move(this.active < 0 ? 0 : -1);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "Enter" && this.active >= 0 && !this.list.hidden) this.pick(this.options()[this.active]);
    else return;
    event.preventDefault();
  }

  pick(option) {
    if (!option) return;
    this.input.value = option.dataset.label;
    this.code.value = option.dataset.code;
    this.close();
    this.announce.textContent = `${option.dataset.label} choisie`;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function attachCommunePickers(root) {
  for (const picker of root.querySelectorAll("[data-commune-picker]")) {
    if (picker.dataset.ready || !picker.querySelector("[data-suggestions]")) continue;
    picker.dataset.ready = "yes";
    new CommunePicker(picker);
  }
}
