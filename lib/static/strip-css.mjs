// Finds the part of a style sheet that one page needs.
import path from 'node:path'
import postcss from 'postcss'

/** @typedef {{ text: string, name: string, uses: string[] }} Declaration `uses` are the custom properties in its value. */
/** @typedef {{ text: string, needs: string[] }} Selector */
/**
 * A rule has `selectors` and `declarations`. A group (`@media`) has a `head` and the parts `inside`. Anything else is a `statement`; a
 * font, an animation and a registered property have a `name` too, and stay only on a page that uses it.
 *
 * @typedef {object} Part
 * @property {string} [statement]
 * @property {string} [name]
 * @property {string} [head]
 * @property {Part[]} [inside]
 * @property {Selector[]} [selectors]
 * @property {Declaration[]} [declarations]
 */
/** @typedef {{ parts: Part[], needed: Set<string>, fonts: string[], loads: [directive: string, address: string][], id: string }} Sheet */

/**
 * Reads a style sheet.
 *
 * @param {string} css a style sheet without nesting, as a build writes it.
 * @param {string} address where it is served, for the addresses in it.
 * @returns {Sheet} for `writeSheets`; `fonts` are the addresses of its fonts, and `loads` the addresses of other hosts, each with its
 * directive of the policy.
 * @throws {Error} for an `@import`, which a browser would ignore in the middle of a page's style.
 */
export function parseSheet(css, address) {
  const root = postcss.parse(css)
  /** @type {Set<string>} */
  const needed = new Set()
  /** @type {string[]} */
  const fonts = []
  /** @type {Sheet['loads']} */
  const loads = []
  /** @type {(node: import('postcss').ChildNode) => Part | undefined} */
  const read = (node) => {
    if (node.type === 'rule') {
      const selectors = node.selectors.map((text) => ({ text, needs: wordsIn(text) }))
      for (const { needs } of selectors) for (const word of needs) needed.add(word)
      return { selectors, declarations: node.nodes.flatMap(readDeclaration) }
    }
    if (node.type !== 'atrule') return undefined
    const head = `@${node.name}${node.params ? ` ${node.params}` : ''}`
    if (node.name === 'import')
      throw new Error(`${address} has @import ${node.params}. Put that style sheet into app/ and import it from there`)
    if (!node.nodes) return { statement: `${head};` }
    const inside = node.nodes.flatMap((child) => read(child) ?? [])
    const declarations = node.nodes.flatMap(readDeclaration)
    if (/keyframes$|^property$/.test(node.name))
      return { name: node.params, statement: `${head}{${node.nodes.map((child) => text(child)).join(';')}}` }
    if (node.name === 'font-face')
      return {
        name: /font-family:\s*["']?([^;"']+)/.exec(node.toString())?.[1],
        statement: `${head}{${declarations.map((each) => each.text).join(';')}}`,
      }
    if (declarations.length > 0) return { statement: `${head}{${declarations.map((each) => each.text).join(';')}}` }
    return { head, inside }
  }
  /** @type {(node: import('postcss').ChildNode) => string} */
  const text = (node) =>
    node
      .toString()
      .replace(
        /url\((["']?)(?!data:|https?:|\/|#)([^"')]+)\1\)/g,
        (_, _quote, file) => `url(${path.posix.join(path.posix.dirname(address), file)})`,
      )
  /** @type {(node: import('postcss').ChildNode) => Declaration[]} */
  const readDeclaration = (node) => {
    if (node.type !== 'decl') return []
    const value = text(node)
    const isFont = node.parent?.type === 'atrule' && node.parent.name === 'font-face'
    loads.push(...loadsOf(value, isFont))
    if (isFont) fonts.push(...urlsIn(value).filter((url) => url.startsWith('/')))
    const uses = [...value.slice(node.prop.length).matchAll(/--[\w-]+/g)].map(([name]) => name)
    return [{ text: value, name: node.prop, uses }]
  }
  return { parts: root.nodes.flatMap((node) => read(node) ?? []), needed, fonts, loads, id: address }
}

/** @param {string} value */
const urlsIn = (value) => [...value.matchAll(/url\(\s*["']?([^"')]+)/g)].map(([, url = '']) => url.trim())

/**
 * @param {string} value of a declaration, or of a `style` attribute.
 * @param {boolean} isFont whether it is of an `@font-face`.
 * @returns {[string, string][]} the addresses of other hosts in it, each with its directive of the policy.
 */
export const loadsOf = (value, isFont) =>
  urlsIn(value).flatMap((url) => {
    if (/^(https?:)?\/\//i.test(url)) return [[isFont ? 'font-src' : 'img-src', url]]
    return isFont && /^data:/i.test(url) ? [['font-src', 'data:']] : []
  })

/** @type {Map<string, string[]>} */
const kept = new Map()

/**
 * Writes the part of each style sheet that a page needs.
 *
 * @param {Sheet[]} sheets from `parseSheet`.
 * @param {Set<string>} words the elements, classes and ids of the page.
 * @param {string[]} texts other places that may name a custom property, an animation or a font: inline styles, attributes, scripts.
 * @returns {string[]} for each sheet the rules that can apply, and the custom properties, animations and fonts that these use.
 */
export function writeSheets(sheets, words, texts) {
  const present = sheets.map((sheet) => new Set([...sheet.needed].filter((word) => words.has(word))))
  const key = [...present.map((some, at) => `${sheets[at]?.id} ${[...some].join(' ')}`), ...texts].join('\n')
  const written = kept.get(key) ?? write(sheets, present, texts)
  kept.set(key, written)
  return [...written]
}

/**
 * @param {Sheet[]} sheets
 * @param {Set<string>[]} present for each sheet, the words of its selectors that the page has.
 * @param {string[]} texts
 */
function write(sheets, present, texts) {
  // A custom property stays when a rule that stays uses it, directly or through other properties, in any of the sheets.
  const used = new Set(texts.flatMap((text) => text.match(/--[\w-]+/g) ?? []))
  let before = -1
  while (used.size !== before) {
    before = used.size
    for (const [at, { parts }] of sheets.entries())
      visit(parts, present[at] ?? new Set(), ({ name, uses }) => {
        if (!name.startsWith('--') || used.has(name)) for (const each of uses) used.add(each)
      })
  }
  /** @type {(declaration: Declaration) => boolean} */
  const isKept = (declaration) => !declaration.name.startsWith('--') || used.has(declaration.name)
  /** @type {(list: Part[], some: Set<string>) => (string | Part)[]} */
  const rules = (list, some) =>
    list
      .flatMap((node) => {
        if (node.statement) return node.name ? node : node.statement
        if (node.head) {
          const inside = rules(node.inside ?? [], some)
          return inside.length > 0 ? [`${node.head}{`, ...inside, '}'] : ''
        }
        const selectors = (node.selectors ?? []).filter(({ needs }) => needs.every((word) => some.has(word)))
        const declarations = (node.declarations ?? []).filter(isKept)
        if (selectors.length === 0 || declarations.length === 0) return ''
        return `${selectors.map(({ text }) => text).join(',')}{${declarations.map(({ text }) => text).join(';')}}`
      })
      .filter((part) => part !== '')
  // Fonts, animations and registered properties are decided last: they stay when a rule that stays names them.
  const stays = sheets.map(({ parts }, at) => rules(parts, present[at] ?? new Set()))
  const said = [...stays.flat().filter((part) => typeof part === 'string'), ...texts].join('')
  return stays.map((some) =>
    some
      .map((part) => (typeof part === 'string' ? part : said.includes(part.name ?? '') ? part.statement : ''))
      .join(''),
  )
}

/**
 * @param {Part[]} parts
 * @param {Set<string>} present
 * @param {(declaration: Declaration) => void} look is called with each declaration of a rule that can apply.
 */
function visit(parts, present, look) {
  for (const { selectors, declarations = [], inside } of parts) {
    if (inside) visit(inside, present, look)
    if (selectors?.some(({ needs }) => needs.every((word) => present.has(word))))
      for (const each of declarations) look(each)
  }
}

/**
 * The elements, classes and ids that a selector needs in order to match. Those inside `:is()`, `:not()` and so on are not counted.
 *
 * @param {string} selector
 */
function wordsIn(selector) {
  // A backslash makes the next character a part of the name: `.md\:pt-14`, `.w-\[3rem\]`, or by its number: `.\32 xl`.
  let plain = selector.replace(/(?<!\\)\[(?:\\.|[^\]])*\]/g, '')
  for (let before = ''; before !== plain; ) {
    before = plain
    plain = plain.replace(/(?<!\\):[\w-]+\((?:\\.|[^()\\])*\)/g, '')
  }
  plain = plain.replace(/(?<!\\)::?[\w-]+/g, '')
  return [...plain.matchAll(/[.#]?((?:\\[0-9a-f]{1,6}\s?|\\.|[\w-]|[\u0080-\uffff])+)/gi)].map(([, word = '']) =>
    word
      .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replace(/\\(.)/g, '$1'),
  )
}
