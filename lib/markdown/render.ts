import { dirname, join, relative } from 'node:path'
import type { Element, Root } from 'hast'
import type { Code } from 'mdast'
import { defListHastHandlers } from 'mdast-util-definition-list'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { type PluggableList, unified } from 'unified'
import { VFile } from 'vfile'
import { isMap, isSeq, parseDocument } from 'yaml'
import { site } from '@/site.config'
import { contentDir } from '../store/paths'
import type { Body } from '../store/types'
import { code } from './code/code'
import { linesOf } from './lines'
import { mdxTree } from './mdx/mdx'
import { findCover, pictures } from './media/pictures'
import { diagrams } from './plugins/diagrams'
import { embeds } from './plugins/embeds'
import { facts } from './plugins/facts'
import { contentsInPlace, escapeIds, headings, headingWords } from './plugins/headings'
import { hosts } from './plugins/hosts'
import { links } from './plugins/links'
import { maths } from './plugins/maths'
import { notes } from './plugins/notes'
import { styles } from './plugins/styles'
import { tables, tasks } from './plugins/tables'
import { templateTags } from './plugins/template-tags'
import { typography } from './plugins/typography'
import { sanitised, scripts } from './sanitise'
import { htmlOf } from './serialise'
import { syntax, tightenDirectives } from './syntax'
import { element, elements, type Found, text as textNode } from './tree'

/** The options of the step from markdown to HTML. */
const conversion = {
  allowDangerousHtml: true,
  clobberPrefix: '',
  handlers: { ...defListHastHandlers, code: fencedCode },
}

/** The plugins that change the HTML of every document, in this order. */
const finished: PluggableList = [
  headings,
  templateTags,
  embeds,
  scripts,
  links,
  hosts,
  pictures,
  tables,
  tasks,
  typography,
  headingWords,
  facts,
  maths,
  diagrams,
  code,
  contentsInPlace,
  notes,
  styles,
]

const fromMarkdown = unified().use(remarkParse).use(syntax).use(remarkRehype, conversion).use(sanitised)
const finish = unified().use(finished)

/**
 * Renders a document.
 *
 * @param file relative to the content folder; `.mdx` is MDX, anything else markdown (CommonMark 0.31, GFM and what
 * `syntax.ts` adds).
 * @param text the whole file. Its front matter has been checked before; here only `lang` and `images` are read. Lines are counted from
 * the beginning of the file.
 * @returns the rendered text. For a document that cannot be read, the body is its source, and `problems` has the reason with its line.
 * @throws an error that no document can cause: a full disk, a mistake in our code.
 */
export async function render(file: string, text: string): Promise<Body> {
  const [matter = '', yaml = ''] = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text) ?? []
  const isMdx = file.endsWith('.mdx')
  const body = tightenDirectives('\n'.repeat(matter.split('\n').length - 1) + text.slice(matter.length), isMdx)
  const { lang, image } = readMatter(yaml)
  const found: Found = {
    language: lang,
    folder: dirname(join(contentDir, file)),
    headings: [],
    firstParagraph: '',
    words: 0,
    links: [],
    pictures: [],
    imports: [],
    needs: [],
    css: '',
    problems: [],
  }
  const { tree, html } = await read(body, isMdx, found)
  const ids: string[] = []
  elements(tree, ({ properties: { id } }) => {
    if (typeof id === 'string') ids.push(id)
  })
  const cover = image ? await findCover(image, found) : undefined
  const { folder: _folder, language: _language, pictures: _pictures, imports: _imports, ...rest } = found
  // Paths are relative, so that the store may be copied or moved together with the content.
  const inContent = <Part extends { file: string }>(part: Part) => ({ ...part, file: relative(contentDir, part.file) })
  const parts = { pictures: found.pictures.map(inContent), imports: found.imports.map(inContent) }
  return { html, ids, ...rest, ...parts, ...(cover ? { cover } : {}) }
}

/** @returns the language and the cover from the front matter. `lib/compile/front-matter.ts` reports mistakes in it. */
function readMatter(yaml: string): { lang: string; image: string | undefined } {
  const { contents } = parseDocument(yaml)
  const [lang, images] = isMap(contents) ? [contents.get('lang'), contents.get('images')] : []
  const first = isSeq(images) ? images.get(0) : undefined
  return {
    lang: typeof lang === 'string' ? lang : site.language,
    image: typeof first === 'string' ? first : undefined,
  }
}

async function read(body: string, isMdx: boolean, found: Found): Promise<{ tree: Root; html: string }> {
  const file = new VFile({ value: isMdx ? escapeIds(body) : body, data: { found, source: body } as never })
  let isRunning = false
  try {
    checkSize(file, isMdx)
    isRunning = isMdx
    const read = isMdx
      ? await mdxTree(file, syntax, conversion)
      : ((await fromMarkdown.run(fromMarkdown.parse(file), file)) as Root)
    isRunning = false
    const tree = (await finish.run(read, file)) as Root
    return { tree, html: htmlOf(tree) }
  } catch (error) {
    const isDeep = error instanceof RangeError && /call stack/.test(error.message)
    // MDX is the author's own code, and may throw anything. An error from a plugin is a mistake of the author only if it is among the messages.
    if (!isDeep && !isRunning && !(file.messages as unknown[]).includes(error)) throw error
    const { line, reason, message } = error as { line?: number; reason?: string; message: string }
    const cause = isDeep ? 'something in it is nested too deeply' : (reason ?? message).split('\n')[0]
    found.problems.push({
      line: line ?? 1,
      severity: 'error',
      message: `${isMdx ? 'MDX' : 'Markdown'} cannot read this: ${cause}`,
    })
    // An editor still sees the source of a draft.
    const tree: Root = { type: 'root', children: [element('pre', {}, [textNode(body.trim())])] }
    return { tree, html: htmlOf(tree) }
  }
}

/** The most marks in one paragraph: the time of the parser grows with the square of their number, and takes seconds beyond this. */
const MARKS = 1000
const DEPTH = 100
const CONTAINERS = new RegExp(`^(?:[ \\t]*(?:>|(?:[-+*]|\\d{1,9}[.)])(?=[ \\t])|: )){${DEPTH}}`)

/** The opening of a block of HTML, which is not read as markdown up to the next blank line. */
const RAW =
  /^[\s>]*<(?:[!?]|\/?(?:address|article|aside|blockquote|center|d[dlt]|details|dialog|div|fieldset|figcaption|figure|footer|form|h[1-6r]|header|iframe|li|main|nav|ol|p|pre|script|section|style|summary|table|tbody|t[dhr]|tfoot|thead|ul)(?=[\s/>]))/i

/** Fails for a text that would take the parser too long: too many marks in a paragraph, or too many nested quotes. */
function checkSize(file: VFile, isMdx: boolean) {
  let marks = 0
  let directives = 0
  let isRaw = false
  let number = 0
  for (const { text, isText } of linesOf(String(file.value), isMdx)) {
    const at = { line: ++number, column: 1 }
    if (!isText) {
      marks = 0
      continue
    }
    const directive = /^[\s>]*:{3,}[ \t]*(\S?)/.exec(text)
    if (directive) directives = Math.max(0, directives + (directive[1] ? 1 : -1))
    if (directives > DEPTH || CONTAINERS.test(text)) file.fail(`this line is nested more than ${DEPTH} deep`, at)
    isRaw = !isMdx && text.trim() !== '' && (isRaw || RAW.test(text))
    // Data in an MDX document (`export const rows = [`, `{ label: …`) is not a paragraph.
    if (!text.trim() || /^[\s>]*([-+*|#<{]|\d+[.)]|\[\^[^\]\s]+\]:)|\s\|\s|^export /.test(text)) marks = 0
    if (!isRaw) marks += text.match(/[*_~[\]`$<&@:]/g)?.length ?? 0
    if (marks > MARKS) file.fail(`this paragraph has more than ${MARKS} of the marks * _ ~ [ ] \` $ < & @ :`, at)
  }
}

/** Keeps the words after a fence's language, which mdast-util-to-hast would drop. */
function fencedCode(_state: unknown, node: Code): Element {
  const properties: Element['properties'] = {}
  if (node.lang) properties.className = [`language-${node.lang}`]
  if (node.meta) properties.dataMeta = node.meta
  const value = node.value ? `${node.value}\n` : ''
  return {
    ...element('pre', {}, [element('code', properties, [textNode(value)])]),
    ...(node.position ? { position: node.position } : {}),
  }
}
