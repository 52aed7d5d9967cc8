// Answers for a film's files under one address, which the master's tells: its token stands in the path of them all.

const folder = (master: string): string => new URL(".", new URL(master, location.href)).href;

/** The name of a file beside or below `master`; the whole address where it lies elsewhere. */
export function nameBeside(master: string, address: string): string {
  const whole = new URL(address, location.href).href;
  const place = folder(master);
  return whole.startsWith(place) ? whole.slice(place.length) : whole;
}

/** The address of that file beside another master. */
export function beside(master: string, name: string): string {
  return new URL(name, folder(master)).href;
}
