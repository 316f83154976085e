// Makes posts to measure with. They are the same at every run.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const TAGS = 'css http sqlite testing writing git caching queues forms fonts'.split(' ')
const WORDS =
  'the a cache page reader keeps drops measures header draft before after while slow small quiet first last every index queue'.split(
    ' ',
  )

/**
 * Writes `number` posts of about 8 kB and their author into a content folder. post-1.md is the newest.
 *
 * @param {string} content
 * @param {number} number
 * @param {boolean} varied whether the words are as many and as frequent as in a language, as a search needs; else they are few.
 */
export function writePosts(content, number, varied = false) {
  writeFiles(content, { 'authors/default.md': '---\nname: A Writer\n---\n\nWrites.\n' })
  for (let index = 0; index < number; index++)
    writeFiles(content, { [`posts/post-${index + 1}.md`]: ordinary(index, '', varied) })
}

/**
 * Writes files of text or bytes, by their path in a folder.
 *
 * @param {string} folder
 * @param {Record<string, string | Uint8Array>} files
 */
export function writeFiles(folder, files) {
  for (const [name, data] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, data)
  }
}

/**
 * A post of about 8 kB with two blocks of code, lists and a table.
 *
 * @param {number} index
 * @param {string} extra markdown to put after its first section.
 * @param {boolean} varied
 */
export function ordinary(index, extra = '', varied = false) {
  const { pick, paragraph } = dice(index, varied)
  const code = () =>
    fence([
      `export async function ${pick(TAGS)}${index}(limit = ${index}): Promise<string[]> {`,
      `  const found = await load('${pick(TAGS)}', { limit })`,
      `  return found.filter((one) => one.length > ${index % 9}).map(String)`,
      '}',
    ])
  const parts = Array.from({ length: 6 }, (_, part) =>
    [
      varied ? `## ${paragraph().split(' ', 3).join(' ')}` : `## Part ${part + 1}`,
      paragraph(),
      part === 0 ? extra : '',
      paragraph(),
      part < 2 ? code() : `- ${paragraph()}`,
    ].join('\n\n'),
  )
  const table = `| Step | Time |\n| --- | ---: |\n| one | ${index} ms |`
  return post(`Post ${index + 1}`, [...parts, table], {
    date: new Date(Date.UTC(2026, 9, 1) - index * 7 * 3_600_000).toISOString(),
    tags: `[${pick(TAGS)}, ${pick(TAGS)}]`,
    summary: paragraph().slice(0, 120),
  })
}

/** A post of one paragraph. */
export const short = () => post('A short post', [dice(1).paragraph()])

/**
 * A post as long as a book of `bytes`, with code, lists, quotations, tables and footnotes.
 *
 * @param {number} bytes
 */
export function long(bytes) {
  const { paragraph } = dice(7)
  const parts = []
  for (let part = 1, length = 0; length < bytes; part++) {
    const blocks = [
      `## Part ${part}`,
      paragraph(),
      `${paragraph()} A *word*, \`code\` and [a link](https://example.com/${part}).`,
    ]
    if (part % 4 === 0) blocks.push(fence([`export const part${part} = (limit = 10) => load('part', { limit })`]))
    if (part % 5 === 0) blocks.push(`- ${paragraph()}\n- ${paragraph()}`, `### More of ${part}`, `> ${paragraph()}`)
    if (part % 7 === 0) blocks.push('| Step | Time |\n| --- | ---: |\n| one | 1 ms |\n| two | 2 ms |')
    if (part % 9 === 0) blocks.push(`Noted.[^${part}]`, `[^${part}]: ${paragraph()}`)
    const text = blocks.join('\n\n')
    parts.push(text)
    length += text.length + 2
  }
  return post('A very long post', parts)
}

/** Twelve blocks of code in four languages. */
export function code() {
  const { paragraph } = dice(3)
  /** @type {[language: string, text: string][]} */
  const blocks = [
    ['ts', 'export const total = (prices: number[]) => prices.reduce((sum, price) => sum + price, 0) // in cents'],
    ['python', 'def total(prices: list[int]) -> int:\n    """In cents."""\n    return sum(prices)'],
    ['sql', "select author, count(*) from posts where date > '2026-01-01' group by author order by 2 desc;"],
    ['bash', 'for file in content/posts/*.md; do wc -w "$file"; done | sort -n'],
  ]
  return post(
    'All about code',
    Array.from({ length: 12 }, (_, index) => {
      const [language = '', text = ''] = blocks[index % blocks.length] ?? []
      return `${paragraph()}\n\n${fence(Array(6).fill(text), language)}`
    }),
  )
}

/** Twelve formulas on lines of their own, and twelve in the text. */
export function maths() {
  const { paragraph } = dice(4)
  /** @param {number} index */
  const formula = (index) => `\\sum_{k=0}^{n} \\binom{n}{k} x^{k} = (1 + x)^{n} + \\int_0^{${index}} e^{-t^2}\\,dt`
  return post(
    'All about maths',
    Array.from({ length: 12 }, (_, index) => `${paragraph()} With $x_${index} > 0$.\n\n$$\n${formula(index)}\n$$`),
  )
}

/**
 * A post with the pictures of these names, each in a section.
 *
 * @param {string[]} names
 */
export function pictures(names) {
  const { paragraph } = dice(5)
  return post(
    'All in pictures',
    names.map((name) => `## ${name}\n\n${paragraph()}\n\n![A field of colours](./${name})`),
  )
}

/** @returns a JPEG as a camera makes it: a gradient with noise. */
export async function photo(width = 1600, height = 1067, seed = 1) {
  // As in lib/markdown/media/sharp.ts.
  const sharp = createRequire(import.meta.url)('sharp')
  const { below } = dice(seed)
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [(at / 3) % width, at / 3 / width]
    pixels[at] = 60 + (120 * ((at % 3) + 1) * x) / width / 3 + (60 * y) / height + below(12)
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer()
}

/**
 * @param {string} title
 * @param {string[]} blocks
 * @param {Record<string, string>} facts
 */
function post(title, blocks, facts = {}) {
  const matter = Object.entries({ title, date: '2026-10-02', summary: 'Made to be measured.', ...facts })
  return `---\n${matter.map(([name, value]) => `${name}: ${value}\n`).join('')}---\n\n${blocks.join('\n\n')}\n`
}

/**
 * @param {string[]} lines
 * @param {string} language
 */
function fence(lines, language = 'ts') {
  return `\`\`\`${language}\n${lines.join('\n')}\n\`\`\``
}

const SYLLABLES = 'ba ce di fo gu la me ni po ru sa te vi zo ka le mi no pu ra'.split(' ')
/** How many words a varied text can have. */
const VOCABULARY = 20_000

/**
 * A made-up word, by its place among all words: the first are the shortest.
 *
 * @param {number} rank from 0.
 */
export function madeUp(rank) {
  let word = rank % 3 ? 'n' : ''
  for (let left = rank + 7; left > 0; left = Math.floor(left / 20)) word = SYLLABLES[left % 20] + word
  return word
}

/**
 * @param {number} start
 * @param {boolean} varied
 */
function dice(start, varied = false) {
  let seed = (start * 2654435761) >>> 0
  /** @param {number} number */
  const below = (number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return (seed >>> 8) % number
  }
  /** @param {string[]} list */
  const pick = (list) => list[below(list.length)]
  // The second word is half as frequent as the first, the third a third, and so on (Zipf's law).
  const often = () => madeUp(Math.floor(VOCABULARY ** (below(2 ** 16) / 2 ** 16)) - 1)
  const paragraph = () => `${Array.from({ length: 70 }, () => (varied ? often() : pick(WORDS))).join(' ')}.`
  return { below, pick, paragraph }
}
