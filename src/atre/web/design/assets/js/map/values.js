// The values of a question, as the server packs them: codes end to end, a letter and a class a commune.
const CODE = 5;
export const UNKNOWN = -1, SECRET = -2, OUTSIDE = -3;
const FLAGS = {
  m: "donnée publiée",
  e: "estimation",
  r: "reconstituée, avec ses bornes",
  p: "un minimum : une partie est secrète",
  s: "secrète : le producteur la cache",
  u: "aucune source reçue ne la donne",
};

export class Values {
  constructor(answer) {
    this.answer = answer;
    this.row = new Map();
    for (let at = 0, row = 0; at < answer.codes.length; at += CODE, row += 1) {
      this.row.set(answer.codes.slice(at, at + CODE), row);
    }
    const digits = { minimumFractionDigits: answer.decimals, maximumFractionDigits: answer.decimals };
    this.number = new Intl.NumberFormat("fr-FR", digits);
  }

  static async load(url) {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return new Values(await response.json());
  }

  // What colours a commune: its class, or why it has none.
  state(row) {
    const place = this.answer.classes[row];
    if (place !== "-") return Number(place);
    return this.answer.flags[row] === "s" ? SECRET : UNKNOWN;
  }

  // What is said of a commune; nothing where the question does not reach.
  said(code) {
    const row = this.row.get(code);
    if (row === undefined) return null;
    const { values, flags, unit, source, year_fr: year } = this.answer;
    const value = values[row];
    const least = flags[row] === "p" ? "au moins " : "";
    const unknown = flags[row] === "s" ? "secret" : "inconnu";
    return {
      text: value === null ? unknown : `${least}${this.number.format(value)}`,
      unit: value === null ? "" : unit,
      bounds: this.bounds(row),
      flag: FLAGS[flags[row]],
      source: source ? `${source}, ${year}` : year,
    };
  }

  bounds(row) {
    const low = this.answer.lower?.[row], high = this.answer.upper?.[row];
    if (low == null || high == null) return "";
    return `entre ${this.number.format(low)} et ${this.number.format(high)}`;
  }
}
