// What stands beside the map: the commune pointed at, in words, and the communes chosen.
const MOST = 300;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Card {
  constructor(root, figure) {
    this.root = root;
    this.figure = figure;
    this.said = root.querySelector("[data-map-said]");
    this.announce = root.querySelector("[data-map-announce]");
    this.list = root.querySelector("[data-map-chosen]");
    this.chosen = new Map(JSON.parse(this.list?.dataset.start || "[]"));
    this.changed = () => {};
  }

  address(template, code) {
    return this.figure.dataset[template].replace("00000", code);
  }

  // Shows a commune. `loud`: whoever does not see it hears it, and it stays.
  show(place, said, loud) {
    const link = element("a", place.name, { href: this.address("place", place.code) });
    if (this.figure.dataset.frameTarget) link.target = this.figure.dataset.frameTarget;
    const title = element("p", "", { class: "map-card-name" });
    title.append(link);
    const parts = [title];
    if (said) {
      const value = element("p", "", { class: "map-card-value" });
      value.append(said.text, said.unit ? " " : "", element("span", said.unit, { class: "map-card-unit" }));
      parts.push(value);
      if (said.bounds) parts.push(element("p", said.bounds, { class: "map-card-detail" }));
      parts.push(element("p", said.flag, { class: "map-card-detail" }));
      parts.push(element("p", `Source : ${said.source}`, { class: "map-card-detail" }));
      parts.push(this.ways(place));
    } else {
      parts.push(element("p", "Hors du territoire montré.", { class: "map-card-detail" }));
    }
    this.said.replaceChildren(...parts);
    if (loud) {
      const words = said ? [said.text, said.unit, said.bounds, said.flag] : ["hors du territoire montré"];
      this.announce.textContent = [place.name, ...words].filter(Boolean).join(", ");
    }
  }

  ways(place) {
    const ways = element("p", "", { class: "map-card-ways" });
    if (this.figure.dataset.rows) {
      const rows = element("a", "Les lignes de ce chiffre", { href: this.address("rows", place.code) });
      if (this.figure.dataset.frameTarget) rows.target = this.figure.dataset.frameTarget;
      ways.append(rows);
    }
    if (this.list) {
      const label = this.chosen.has(place.code) ? "Retirer de mon choix" : "Ajouter à mon choix";
      const button = element("button", label, { type: "button", class: "btn btn-secondary" });
      button.addEventListener("click", () => {
        this.toggle(place);
        button.textContent = this.chosen.has(place.code) ? "Retirer de mon choix" : "Ajouter à mon choix";
      });
      ways.append(button);
    }
    return ways;
  }

  toggle({ code, name }) {
    if (this.chosen.has(code)) this.chosen.delete(code);
    else if (this.chosen.size < MOST) this.chosen.set(code, name);
    this.changed(code, this.chosen.has(code));
    this.draw();
  }

  // The list of what was chosen, kept in the address too so that it can be sent to someone.
  draw() {
    const address = new URL(location.href);
    address.searchParams.delete("communes");
    if (this.chosen.size) address.searchParams.set("communes", [...this.chosen.keys()].join(","));
    history.replaceState(null, "", address.href.replaceAll("%2C", ","));
    this.list.hidden = this.chosen.size === 0;
    if (!this.chosen.size) return;
    const many = this.chosen.size > 1 ? "s" : "";
    const title = element("p", `${this.chosen.size} commune${many} choisie${many}`, { class: "map-card-name" });
    const lines = element("ul", "", { class: "map-chosen" });
    for (const [code, name] of this.chosen) {
      const line = element("li", name);
      const out = element("button", "Retirer", { type: "button", class: "map-out" });
      out.append(element("span", ` ${name}`, { class: "visually-hidden" }));
      out.addEventListener("click", () => this.toggle({ code, name }));
      line.append(out);
      lines.append(line);
    }
    const see = element("a", "Voir ce territoire", {
      class: "btn btn-primary",
      href: `${this.list.dataset.drawn}?communes=${[...this.chosen.keys()].join(",")}`,
    });
    this.list.replaceChildren(title, lines, see);
  }
}
