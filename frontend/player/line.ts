// Answers for whether every byte counts here: the browser's own wish, or a slow line.

interface Line {
  saveData?: boolean;
  effectiveType?: string;
}

export function isDear(): boolean {
  const line = (navigator as Navigator & { connection?: Line }).connection;
  return Boolean(line?.saveData) || /2g/.test(line?.effectiveType ?? "");
}
