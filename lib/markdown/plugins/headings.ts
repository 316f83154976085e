import { slug } from 'github-slugger'
import type { Element, Root } from 'hast'
import type { VFile } from 'vfile'
import { withLines } from '../lines'
import { isReserved } from '../sanitise'
import { classes, element, elements, foundIn, lineOf, type Parent, text, wordsOf } from '../tree'

/** Ids that the page around a text uses. */
const OF_THE_PAGE = ['main', 'related']

/**
 * Gives every heading a stable id and a link to itself. The id is made from the words as GitHub does, in any script and in NFC. An
 * author may also write it: `## Words {#an-id}` (Docusaurus, Hugo), `{: #an-id }` there or on the next line (kramdown), or an `id` in
 * HTML. Written ids are given out first.
 */
export function headings() {
  return (tree: Root, file: VFile) => {
    const found: Element[] = []
    const taken = new Map(OF_THE_PAGE.map((id) => [id, 0]))
    const said = new Map<Element, string>()
    elements(tree, (node) => {
      if (/^h[1-6]$/.test(node.tagName) && node.properties.id !== 'footnote-label') found.push(node)
    })
    takeNextLines(tree)
    for (const node of found) {
      const id = takeId(node) ?? node.properties.id
      if (typeof id === 'string' && id) said.set(node, id.normalize('NFC'))
      delete node.properties.id
    }
    const ofNotes = new Set<Element>()
    for (const node of tree.children)
      if (node.type === 'element' && node.properties.dataFootnotes !== undefined)
        elements(node, (inner) => ofNotes.add(inner))
    /** Keeps an element's id unless it is taken. Footnotes go first, because their links need the ids. */
    const keep = (node: Element) => {
      const id = typeof node.properties.id === 'string' ? node.properties.id.normalize('NFC') : ''
      delete node.properties.id
      if (!id) return
      if (!taken.has(id)) node.properties.id = id
      else
        foundIn(file).problems.push({
          line: lineOf(node),
          severity: 'warning',
          message: `the id "${id}" is used twice. This <${node.tagName}> goes without; write another.`,
        })
      taken.set(id, 0)
    }
    for (const node of ofNotes) keep(node)
    elements(tree, (node) => {
      if (!ofNotes.has(node)) keep(node)
    })
    for (const [node, id] of said) {
      const free = unused(id, taken)
      node.properties.id = free
      if (free === id) continue
      foundIn(file).problems.push({
        line: lineOf(node),
        severity: 'warning',
        message: `the anchor "${id}" is used twice. This heading is at #${free}; write another between the braces.`,
      })
    }
    for (const node of found) {
      // The page has its own first heading.
      if (node.tagName === 'h1') node.tagName = 'h2'
      const id = said.has(node) ? String(node.properties.id) : unused(madeOf(wordsOf(node)), taken)
      node.properties.id = id
      node.children.push(element('a', { className: ['anchor'], href: `#${encodeURIComponent(id)}` }, []))
    }
    // `<a name="here">` is the old form of an anchor. Its name becomes an id, unless a heading has that id.
    elements(tree, ({ tagName, properties }) => {
      if (tagName !== 'a' || typeof properties.name !== 'string') return
      const { id } = properties
      const name = properties.name.normalize('NFC')
      delete properties.name
      if (id || !/^\S+$/.test(name) || taken.has(name) || isReserved(name)) return
      properties.id = name
      taken.set(name, 0)
    })
  }
}

/** Labels the links of headings, and collects the table of contents. It runs after `typography`, so that the words look as in the text. */
export function headingWords() {
  return (tree: Root, file: VFile) => {
    elements(tree, (node) => {
      const anchor = /^h[1-6]$/.test(node.tagName) ? node.children.at(-1) : undefined
      if (anchor?.type !== 'element' || !classes(anchor).includes('anchor')) return
      const words = wordsOf(node)
      anchor.properties.ariaLabel = `Link to “${words}”`
      const depth = Number(node.tagName[1])
      if (depth === 2 || depth === 3)
        foundIn(file).headings.push({ id: String(node.properties.id), text: words, depth })
    })
  }
}

/** Makes an id from words: letters and digits of any script. Invisible characters (a joiner after an emoji) are removed. */
function madeOf(words: string): string {
  const id = slug(words.normalize('NFC').trim()).replace(/^_+/, '')
  return /[\p{L}\p{N}]/u.test(id) ? id.replace(/\p{Emoji_Modifier}|\uFE0F|\u200D(?![\p{L}\p{M}])/gu, '') : 'section'
}

/** @returns the id, or the first free one of `id-1`, `id-2` … `taken` has the last number tried for each id. */
function unused(id: string, taken: Map<string, number>): string {
  let free = id
  let number = taken.get(id) ?? 0
  while (taken.has(free)) free = `${id}-${++number}`
  taken.set(id, number).set(free, taken.get(free) ?? 0)
  return free
}

/** Attributes at the end of a heading. A class alone (`{.wide}`) is removed and has no effect. */
const SAID = /^\{:?\s*(?:#([^\s{}_][^\s{}]*)(?=[\s}])|\.[a-z])[^{}]*\}$/

/** Takes `{#an-id}` from the end of a heading. */
function takeId(node: Element): string | undefined {
  const last = node.children.at(-1)
  if (last?.type !== 'text') return undefined
  const at = last.value.lastIndexOf('{')
  const match = SAID.exec(last.value.slice(Math.max(at, 0)).trimEnd())
  if (!match || isReserved(match[1] ?? '')) return undefined
  last.value = last.value.slice(0, at).trimEnd()
  return match[1]
}

/** Moves a paragraph that is only `{: #an-id }` into the heading above it. */
function takeNextLines(tree: Root) {
  for (const [index, node] of [...tree.children.entries()].reverse()) {
    const [only, ...more] = node.type === 'element' && node.tagName === 'p' ? node.children : []
    if (only?.type !== 'text' || more.length > 0 || !/^\{:\s*#[^\s{}]+\s*\}$/.test(only.value.trim())) continue
    const before = tree.children.slice(0, index).findLast((one) => one.type !== 'text')
    if (before?.type !== 'element' || !/^h[1-6]$/.test(before.tagName)) continue
    before.children.push(text(` ${only.value.trim()}`))
    tree.children.splice(index, 1)
  }
}

/** @returns MDX in which `{#an-id}` at the end of a heading is escaped: MDX would read the braces as JavaScript. */
export function escapeIds(mdx: string): string {
  return withLines(mdx, true, (text) =>
    text.replace(/^([\s>]*#{1,6}\s.*[^\\])\{(#[^\s{}_][^\s{}]*)\}(\s*)$/, '$1\\{$2\\}$3'),
  )
}

/** Writes the table of contents at `::toc`, or `<TOCInline />` in MDX. */
export function contentsInPlace() {
  return (tree: Root, file: VFile) => {
    const places: { node: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      if (classes(node).includes('toc-here')) places.push({ node, parent, index })
    })
    for (const { node, parent, index } of places) {
      const { dataFrom = 2, dataTo = 3, dataIndent = 3, dataFold, dataExclude = '' } = node.properties
      const excluded = String(dataExclude).split('\n').filter(Boolean).map(meaning)
      const wanted = foundIn(file).headings.filter(
        ({ depth, text: words }) =>
          depth >= Number(dataFrom) && depth <= Number(dataTo) && !excluded.some((means) => means(words)),
      )
      const items = wanted.map(({ id, text: words, depth }) =>
        element('li', depth >= Number(dataIndent) ? { className: ['inner'] } : {}, [
          element('a', { href: `#${encodeURIComponent(id)}` }, [text(words)]),
        ]),
      )
      const list = element('ul', {}, items)
      parent.children[index] = element('nav', { className: ['toc-inline'], ariaLabel: 'In this text' }, [
        dataFold
          ? element('details', dataFold === 'open' ? { open: true } : {}, [
              element('summary', {}, [text('In this text')]),
              list,
            ])
          : list,
      ])
    }
  }
}

/** @returns a function that tells whether words, or a regular expression for a whole heading, match a heading. */
function meaning(words: string): (heading: string) => boolean {
  let pattern: RegExp | undefined
  try {
    pattern = new RegExp(`^(?:${words})$`, 'i')
  } catch {
    // Words with signs, such as "C++", are not a valid pattern.
  }
  return (heading) => [heading, straight(heading)].some((one) => one === words || pattern?.test(one))
}

/** Undoes typography: an author writes straight quotation marks in `exclude`. */
const straight = (words: string) =>
  words.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replaceAll('—', '---').replaceAll('–', '--').replaceAll('…', '...')
