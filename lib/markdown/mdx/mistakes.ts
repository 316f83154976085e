import path from 'node:path'
import type { Metafile } from 'esbuild'
import { BUNDLED } from './bundle'
import { NotStill, specifierOf } from './still'

/** An error from MDX, esbuild or a component, with everything known about its place. */
export type Mistake = Error & {
  line?: number
  reason?: string
  metafile?: Metafile
  specifier?: string
  errors?: { text: string; detail?: unknown; location: { file: string; line: number; lineText: string } | null }[]
}

/** The message of MDX for an HTML comment. */
export const HTML_COMMENT = /^Unexpected character `!`/

/** MDX's messages for common mistakes, and our words for them, which say what to type. */
const REMEDIES: [RegExp, (...parts: string[]) => string][] = [
  [HTML_COMMENT, () => 'an HTML comment. Write {/* … */} in place of <!-- … -->.'],
  [
    /^Unexpected character `[/@:]` .*(?:link in MDX|local name|in name)/,
    () => 'an address between < and >. Write [words](https://…), or the address alone.',
  ],
  [
    /^Unexpected character .*before (?:name|local name)/,
    () => '"<" begins a tag here. Write \\< for the sign itself, or put it between backticks.',
  ],
  [
    /^Unexpected end of file in expression|^Could not parse expression/,
    () => '"{" begins JavaScript here, and what follows is none, or is not closed. Write \\{ for the sign itself.',
  ],
  [
    /^Expected a closing tag for `<([\w.]+)>` \((\d+):/,
    (_, name = '', line = '') =>
      `<${name}> of line ${line} is never closed${/^(br|hr|img|input|source|track|wbr)$/.test(name) ? `. Write <${name} />` : `, or not in the same block. Write </${name}> after it, or put it between backticks`}.`,
  ],
  [
    /^Unexpected closing tag `<\/([\w.]+)>`, expected corresponding closing tag for `<([\w.]+)>`/,
    (_, closing = '', open = '') => `</${closing}> closes <${open}>. Write </${open}>.`,
  ],
  [/^The `style` prop expects a mapping/, () => 'style="…" is HTML. Write style={{ color: "red" }}, or a className.'],
  [
    /^Could not parse import\/exports/,
    () => 'a line that begins with import or export is JavaScript, and this is none. Begin it with another word.',
  ],
]

/** @returns the error with a line, and with a reason that says what to type; unchanged when we know no better words. */
export function explained(
  error: Mistake,
  source: string,
  lines: Map<string, number>,
  names: string[],
  lastLine: number | undefined,
): Mistake {
  const lineWith = (words: string) => source.slice(0, Math.max(0, source.indexOf(words))).split('\n').length
  const said = error.reason ?? error.message
  const give = (line: number | undefined, reason: string) =>
    Object.assign(new Error(reason), { reason, line: line ?? error.line ?? 1 })

  if (error instanceof NotStill) {
    const { file = '', at, hook = '', component = '', metafile } = error as NotStill & Mistake
    const specifier = metafile && specifierOf(metafile, BUNDLED, file)
    if (specifier) return give(lineWith(specifier), `${path.relative(process.cwd(), file)}:${at}: ${said}`)
    return give(
      error.line ?? lines.get(`${hook}()`) ?? lines.get(component) ?? lastLine,
      file ? `${path.relative('.', file)}:${at}: ${said}` : said,
    )
  }
  if (error.specifier) return give(lineWith(error.specifier), said)
  const [wrong] = error.errors ?? []
  if (wrong) {
    // esbuild's lines are those of the compiled document, so the line is found by searching the source for the name.
    const specifier = /^Could not resolve "([^"]+)"/.exec(wrong.text)?.[1]
    if (specifier)
      return give(lineWith(specifier), `there is no ${specifier} to import. Mend the name, or put the file there.`)
    if (wrong.location?.file && !wrong.location.file.endsWith(BUNDLED))
      return give(
        lineWith(path.basename(wrong.location.file)),
        /No loader is configured/.test(wrong.text)
          ? `${path.basename(wrong.location.file)} cannot be imported; code and JSON can. Write the path of a picture as it is: <Image src="./…" … />.`
          : `${path.basename(wrong.location.file)}:${wrong.location.line}: ${wrong.text}`,
      )
    const unread = /^Cannot read (?:file|directory) "([^"]+)"/.exec(wrong.text)?.[1]
    if (unread)
      return give(
        lineWith(path.basename(unread)),
        'a file that is imported cannot be read. Mend its name, or put the file there.',
      )
    return give(typeof wrong.detail === 'string' ? lineWith(wrong.detail) : 1, wrong.text)
  }
  const unknown = /^Expected (?:component|object) `([\w.]+)` to be defined/.exec(said)?.[1]
  if (unknown)
    return give(
      lines.get(unknown) ?? lineWith(`<${unknown}`),
      `there is no component <${unknown}>. Write one of: ${names.join(', ')}; or import it.`,
    )
  const missing = /^(\w+) is not defined/.exec(said)?.[1]
  if (missing) {
    const at = source.split('\n').findIndex((line) => new RegExp(`\\{[^}]*\\b${missing}\\b`).test(line)) + 1
    return give(at || 1, `${said}. Write "export const ${missing} = …" above, or \\{ when the brace is text.`)
  }
  for (const [pattern, remedy] of REMEDIES) {
    const match = pattern.exec(said)
    if (match)
      return give(
        Number(match[2]) || (said.startsWith('The `style`') ? lineWith('style="') : undefined),
        remedy(...match),
      )
  }
  return error
}
