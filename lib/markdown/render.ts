import { dirname, join, relative } from 'node:path'
import type { Element, Root } from 'hast'
import { toHtml } from 'hast-util-to-html'
import type { Code } from 'mdast'
import { defListHastHandlers } from 'mdast-util-definition-list'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { type PluggableList, unified } from 'unified'
import { VFile } from 'vfile'
import { isMap, isSeq, parseDocument } from 'yaml'
import { site } from '../../site.config'
import { contentDir } from '../content/paths'
import { code } from './code'
import { diagrams } from './diagrams'
import { embeds } from './embeds'
import { facts } from './facts'
import { contentsInPlace, escapeIds, headings } from './headings'
import { links } from './links'
import { maths } from './maths'
import { mdxTree } from './mdx'
import { notes } from './notes'
import { type Cover, findCover, pictures } from './pictures'
import { sanitised } from './sanitise'
import { styles } from './styles'
import { syntax, tightenDirectives } from './syntax'
import { tables, tasks } from './tables'
import { templateTags } from './template-tags'
import { element, elements, type Found, text as textNode } from './tree'
import { typography } from './typography'

/** What a document's text gives, all from one tree: see `Found` for what is in it besides the HTML. Lines are those of the file. */
export type Rendered = Omit<Found, 'folder' | 'language'> & {
  html: string
  /** What an address can name after its `#`. */
  ids: string[]
  cover?: Cover
}

/** On the way to HTML. */
const conversion = {
  allowDangerousHtml: true,
  clobberPrefix: '',
  handlers: { ...defListHastHandlers, code: fencedCode },
}

/** What is done to the HTML of every document, in this order. */
const finished: PluggableList = [
  headings,
  templateTags,
  embeds,
  links,
  pictures,
  tables,
  tasks,
  typography,
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
 * @param text the whole file; of its front matter, which has been checked, `lang` and `images` are read, and it is skipped, so lines are counted as its author sees them.
 * @returns what cannot be read is a problem with its line, and the document its own source.
 * @throws what no document can cause: a full disk, a mistake of ours.
 */
export async function render(file: string, text: string): Promise<Rendered> {
  const [matter = '', yaml = ''] = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text) ?? []
  const body = tightenDirectives('\n'.repeat(matter.split('\n').length - 1) + text.slice(matter.length))
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
  const { tree, html } = await read(file, body, found)
  const ids: string[] = []
  elements(tree, ({ properties: { id } }) => {
    if (typeof id === 'string') ids.push(id)
  })
  const cover = image ? await findCover(image, found) : undefined
  const { folder: _folder, language: _language, pictures: _pictures, imports: _imports, ...rest } = found
  // The store may be copied or moved along with the content.
  const inContent = <Part extends { file: string }>(part: Part) => ({ ...part, file: relative(contentDir, part.file) })
  const parts = { pictures: found.pictures.map(inContent), imports: found.imports.map(inContent) }
  return { html, ids, ...rest, ...parts, ...(cover ? { cover } : {}) }
}

/** @returns the language and the cover that front matter names; what is wrong with it is said by `lib/content/front-matter.ts`. */
function readMatter(yaml: string): { lang: string; image: string | undefined } {
  const { contents } = parseDocument(yaml)
  const [lang, images] = isMap(contents) ? [contents.get('lang'), contents.get('images')] : []
  const first = isSeq(images) ? images.get(0) : undefined
  return {
    lang: typeof lang === 'string' ? lang : site.language,
    image: typeof first === 'string' ? first : undefined,
  }
}

async function read(name: string, body: string, found: Found): Promise<{ tree: Root; html: string }> {
  const isMdx = name.endsWith('.mdx')
  const file = new VFile({ value: isMdx ? escapeIds(body) : body, data: { found, source: body } as never })
  let isRunning = false
  try {
    checkSize(file)
    isRunning = isMdx
    const read = isMdx
      ? await mdxTree(file, syntax, conversion)
      : ((await fromMarkdown.run(fromMarkdown.parse(file), file)) as Root)
    isRunning = false
    const tree = (await finish.run(read, file)) as Root
    return { tree, html: toHtml(tree) }
  } catch (error) {
    const isDeep = error instanceof RangeError && /call stack/.test(error.message)
    // MDX is the author's own code, and may throw anything. Plugins leave what they refuse among the messages.
    if (!isDeep && !isRunning && !(file.messages as unknown[]).includes(error)) throw error
    const { line, reason, message } = error as { line?: number; reason?: string; message: string }
    const cause = isDeep ? 'something in it is nested too deeply' : (reason ?? message).split('\n')[0]
    found.problems.push({
      line: line ?? 1,
      severity: 'error',
      message: `${isMdx ? 'MDX' : 'Markdown'} cannot read this: ${cause}`,
    })
    // A draft is previewed as far as it can be: its source.
    const tree: Root = { type: 'root', children: [element('pre', {}, [textNode(body.trim())])] }
    return { tree, html: toHtml(tree) }
  }
}

/** More in one paragraph, and to read it takes seconds: the time grows with the square of their number. */
const MARKS = 1000
const DEPTH = 100
const CONTAINERS = new RegExp(`^(?:[ \\t]*(?:>|(?:[-+*]|\\d{1,9}[.)])(?=[ \\t])|: )){${DEPTH}}`)

/** `[label]: address`, which no paragraph begins with: it is read by itself, however many follow each other. */
const DEFINITION = /^[\s>]*\[(?!\^)[^\s[\]\\][^[\]\\]{0,500}\]:[ \t]+[^\s<()][^\s()]*[ \t]*$/

/** Fails at the line of what is too much to read: a paragraph of nothing but marks, quotes in quotes in quotes. */
function checkSize(file: VFile) {
  let fence = ''
  let marks = 0
  let directives = 0
  let isText = false
  for (const [index, line] of String(file.value)
    .split(/\r\n|\r|\n/)
    .entries()) {
    const at = { line: index + 1, column: 1 }
    const ticks = /^[\s>]*(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    if (fence ? ticks.startsWith(fence) : ticks) fence = fence ? '' : ticks
    else if (!fence) {
      const directive = /^[\s>]*:{3,}[ \t]*(\S?)/.exec(line)
      if (directive) directives = Math.max(0, directives + (directive[1] ? 1 : -1))
      if (directives > DEPTH || CONTAINERS.test(line)) file.fail(`this line is nested more than ${DEPTH} deep`, at)
      // Data in an MDX document (`export const rows = [`, `{ label: …`) is no paragraph.
      if (!line.trim() || /^[\s>]*([-+*|#<{]|\d+[.)])|\s\|\s|^export /.test(line)) {
        marks = 0
        isText = false
      }
      if (!isText && DEFINITION.test(line)) continue
      isText = line.trim() !== ''
      marks += line.match(/[*_~[\]`$<&@:]/g)?.length ?? 0
      if (marks > MARKS) file.fail(`this paragraph has more than ${MARKS} of the marks * _ ~ [ ] \` $ < & @ :`, at)
    }
  }
}

/** Keeps what stands after a fence's language, which would be lost on the way to HTML. */
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
