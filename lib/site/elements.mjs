/** Kinds of script that a browser runs or follows (HTML §4.12.1); any other is data. */
const RUNS =
  /^(|module|importmap|speculationrules|(text|application)\/(x-)?(java|ecma)script|text\/(javascript1\.[0-5]|jscript|livescript))$/i

/** @param {unknown} type the `type` of a script element, if it has one. */
export const isRun = (type) => RUNS.test(String(type ?? '').trim())

/** Elements that no page may have, and what to write: no policy of ours lets them work. */
export const never = new Map([
  ['object', 'Write <iframe>, <img> or <video>.'],
  ['embed', 'Write <iframe>, <img> or <video>.'],
  ['base', 'Write whole addresses.'],
  ['plaintext', 'Write <pre>.'],
])
