// The MD5 of a part, so that what was altered on its way is refused where it arrives. RFC 1321; browsers have SHA only,
// and S3 asks for this one (Content-MD5).

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Int32Array.from({ length: 64 }, (_none, at) => Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32) | 0);

/** In base64, as the header has it. */
export function md5(bytes: Uint8Array): string {
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  const whole = bytes.length - (bytes.length % 64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) mix(state, view, at);
  // The rest, a one bit, zeros, and the length in bits.
  const rest = bytes.subarray(whole);
  const tail = new Uint8Array(rest.length < 56 ? 64 : 128);
  tail.set(rest);
  tail[rest.length] = 0x80;
  const end = new DataView(tail.buffer);
  end.setUint32(tail.length - 8, (bytes.length * 8) >>> 0, true);
  end.setUint32(tail.length - 4, Math.floor(bytes.length / 2 ** 29), true);
  for (let at = 0; at < tail.length; at += 64) mix(state, end, at);
  return btoa(String.fromCharCode(...new Uint8Array(state.buffer)));
}

function mix(state: Int32Array, view: DataView, at: number): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4;
    let word = step;
    let f = (b & c) | (~b & d);
    if (round === 1) [f, word] = [(d & b) | (~d & c), (5 * step + 1) & 15];
    else if (round === 2) [f, word] = [b ^ c ^ d, (3 * step + 5) & 15];
    else if (round === 3) [f, word] = [c ^ (b | ~d), (7 * step) & 15];
    const sum = (a + f + (SINES[step] ?? 0) + view.getInt32(at + word * 4, true)) | 0;
    const by = SHIFTS[round * 4 + (step & 3)] ?? 0;
    [a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
  }
  state[0] = (state[0] ?? 0) + a;
  state[1] = (state[1] ?? 0) + b;
  state[2] = (state[2] ?? 0) + c;
  state[3] = (state[3] ?? 0) + d;
}
