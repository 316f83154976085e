import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { allSaid, type Clock, isKept, plain } from './meaning'
import { ENDINGS, FOLDERS, LAST_WORDS, OPEN_FOLDERS, TEXTS } from './not-yet'

/**
 * Whether the place of a file keeps it back: Jekyll's `_drafts`, Obsidian's `.trash`, Quartz's `private`, names that begin with `_` or
 * `.`, which no system shows (Astro, Docusaurus, Statamic, Jekyll, Nuxt), and names such as `idea.draft.md`.
 *
 * @param file relative to the content folder, with `/`; a link may lead to a file beside `posts/`.
 * @returns the part of the path that keeps it back, or undefined for a file that may be published.
 */
export function keptBackByPlace(file: string): string | undefined {
  const parts = file.replace(/^(posts|authors|pages)\//, '').split('/')
  const name = parts.pop() ?? ''
  for (const part of parts) {
    if (OPEN_FOLDERS.has(part.toLowerCase())) continue
    if (/^[_.]/.test(part) || isKeptFolder(part)) return `the folder "${part}"`
  }
  const [stem = '', ...endings] = name.replace(/\.mdx?$/i, '').split(/(?<=.)\./)
  const isMarked = /^[_.]|^[[(](draft|wip|private)[\])]/i.test(stem) || endings.some((one) => ENDINGS.has(plain(one)))
  return isMarked ? `the name "${name}"` : undefined
}

function isKeptFolder(name: string): boolean {
  const words =
    name
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  const [first = '', ...others] = words
  return (
    FOLDERS.has(words.join('')) ||
    LAST_WORDS.has(words.at(-1) ?? '') ||
    (FOLDERS.has(first) && others.every((word) => TEXTS.has(word)))
  )
}

/**
 * Whether a file above a document keeps it back: the `cascade` of Hugo's `_index.md`, or Eleventy's data of a folder
 * (`posts/posts.json`), which hold for all files below.
 *
 * @param file relative to `contentDir`, with `/`.
 * @returns the file that keeps it back, or undefined.
 */
export function keptBackFromAbove(file: string, contentDir: string, clock: Clock): string | undefined {
  const folders = file.split('/').slice(0, -1)
  for (let depth = 0; depth <= folders.length; depth++) {
    const folder = folders.slice(0, depth)
    const name = folder.at(-1)
    const above = ['_index.md', ...(name ? [`${name}.json`, `${name}.11tydata.json`] : [])]
    for (const one of above) {
      const place = path.posix.join(...folder, one)
      const data = place === file ? undefined : readData(path.join(contentDir, place))
      if (data === 'unreadable') return place
      const isSection = one === '_index.md'
      const fields = Object.entries(data ?? {}).filter(([key]) => !isSection || key === 'cascade')
      // Of data beside a post only what it says by itself counts: it may be that of a chart.
      const said = fields.flatMap(([key, value]) => allSaid(key, value, clock))
      if (said.some(({ path: { length }, meaning }) => isKept(meaning, clock.now) && (isSection || length === 1)))
        return isSection ? `the cascade of ${place}` : place
    }
  }
  return undefined
}

const readYaml = (text: string): unknown => parseDocument(text, { logLevel: 'silent' }).toJS()

/** Reads JSON. With a mistake in it, such as a comma too many, it is read as YAML, so that the mistake does not publish a folder. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return readYaml(text)
  }
}

/** @returns the fields of a file, if it is there and has any. A file that nothing can read may say that the folder is kept back. */
function readData(file: string): Record<string, unknown> | 'unreadable' | undefined {
  try {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
    const text = readFileSync(file, 'utf8')
    const [, matter = ''] = /^\uFEFF?---[ \t]*\r?\n(.*?)^---[ \t]*$/ms.exec(text) ?? []
    const data = file.endsWith('.json') ? readJson(text.replace(/^\uFEFF/, '')) : readYaml(matter)
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : undefined
  } catch {
    return 'unreadable'
  }
}
