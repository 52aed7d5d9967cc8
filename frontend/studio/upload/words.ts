// Numbers in the reader's language, and sentences that the template wrote, with their gaps filled.

const language = (): string => document.documentElement.lang || "en";

export function bytes(amount: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const at = amount < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(amount) / 3));
  const digits = at >= 2 ? 1 : 0;
  return new Intl.NumberFormat(language(), {
    style: "unit", unit: units[at], unitDisplay: at ? "short" : "long", maximumFractionDigits: digits,
  }).format(amount / 1000 ** at);
}

export function percent(share: number): string {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

export function span(seconds: number): string {
  const [unit, value] = seconds < 60 ? (["second", seconds] as const)
    : seconds < 5400 ? (["minute", seconds / 60] as const) : (["hour", seconds / 3600] as const);
  const digits = unit === "hour" ? 1 : 0;
  const shown = digits ? value : Math.max(1, Math.ceil(value));
  return new Intl.NumberFormat(language(), {
    style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits,
  }).format(shown);
}

/** The sentence `data-say-<key>` of `box`, its {gaps} filled with `facts`. */
export function say(box: HTMLElement, key: string, facts: Record<string, string> = {}): string {
  const sentence = box.getAttribute(`data-say-${key}`) ?? "";
  return sentence.replace(/\{(\w+)\}/g, (_all, name: string) => facts[name] ?? "");
}
