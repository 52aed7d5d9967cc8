// Which upload a file belongs to, kept in this browser, so that the same file chosen after a reload goes on.

const KEY = "kezhan:uploads";
const MOST = 100;

export class UploadMemory {
  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {}

  find(fingerprint: string): string | undefined {
    return this.read()[fingerprint];
  }

  keep(fingerprint: string, uploadId: string): void {
    const { [fingerprint]: _old, ...others } = this.read();
    this.write(Object.fromEntries([...Object.entries(others), [fingerprint, uploadId]].slice(-MOST)));
  }

  forget(uploadId: string): void {
    this.write(Object.fromEntries(Object.entries(this.read()).filter(([, id]) => id !== uploadId)));
  }

  private read(): Record<string, string> {
    try {
      return (JSON.parse(this.storage.getItem(KEY) ?? "{}") ?? {}) as Record<string, string>;
    } catch {
      return {};
    }
  }

  private write(known: Record<string, string>): void {
    try {
      this.storage.setItem(KEY, JSON.stringify(known));
    } catch {
      // A full or forbidden storage costs the resume after a reload, not the upload.
    }
  }
}
