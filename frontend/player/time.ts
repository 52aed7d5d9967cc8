// Answers for time as people read it (12:40) and hear it (12 minutes 40 seconds).

/** `m:ss`, or `h:mm:ss` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** For screen readers, in the page's language: leading zero units are left out. */
export function spoken(seconds: number, language: string): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor((whole % 3600) / 60), "minute"],
    [whole % 60, "second"],
  ];
  const told = parts.filter(([amount, unit]) => amount > 0 || (unit === "second" && whole === 0));
  const unitOf = (unit: string) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
  return told.map(([amount, unit]) => unitOf(unit).format(amount)).join(" ");
}

/** Fills `{name}` places of a sentence that the server translated. */
export function filled(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
