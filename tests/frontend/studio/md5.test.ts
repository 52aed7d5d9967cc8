import { describe, expect, it } from "vitest";

import { md5 } from "../../../frontend/studio/upload/md5";

const hex = (base64: string): string =>
  [...atob(base64)].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
const of = (text: string): string => hex(md5(new TextEncoder().encode(text)));

describe("the MD5 of a part", () => {
  it("is that of RFC 1321's own examples", () => {
    expect(of("")).toBe("d41d8cd98f00b204e9800998ecf8427e");
    expect(of("abc")).toBe("900150983cd24fb0d6963f7d28e17f72");
    expect(of("message digest")).toBe("f96b697d7cb7938d525a2f31aaf161d0");
    expect(of("12345678901234567890123456789012345678901234567890123456789012345678901234567890")).toBe(
      "57edf4a22be3c955ac49da2e2107b67a",
    );
  });

  it("is right at every edge of a block, and within another buffer", () => {
    // Asked of md5sum: as many letters a.
    expect(of("a".repeat(55))).toBe("ef1772b6dff9a122358552954ad0df65");
    expect(of("a".repeat(56))).toBe("3b0c8ac703f828b04c6c197006d17218");
    expect(of("a".repeat(64))).toBe("014842d480b571495a4a0363793f7367");
    const letters = new TextEncoder().encode("xxabcxx");
    expect(hex(md5(letters.subarray(2, 5)))).toBe("900150983cd24fb0d6963f7d28e17f72");
  });
});
