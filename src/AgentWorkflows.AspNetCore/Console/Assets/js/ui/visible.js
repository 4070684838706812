// Text of others where people decide by it: characters that show nothing, or turn the reading direction around, are written out.
const deceptive =
  /[\p{Cf}\p{Zl}\p{Zp}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2060-\u206F\u2800\u3164\uFE00-\uFE0D\uFFA0\u{E0000}-\u{E0FFF}]|(?![\n\r\t])\p{Cc}|\p{Cs}/gu;

/** The same text with each of them as \\u202E. */
export function visible(text) {
  return String(text).replace(deceptive, (c) => `\\u${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
}
