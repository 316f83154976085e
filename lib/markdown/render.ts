import { dirname, join } from 'node:path'
import type { Element, Root } from 'hast'
import { toHtml } from 'hast-util-to-html'
import type { Code } from 'mdast'
import { defListHastHandlers } from 'mdast-util-definition-list'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { type PluggableList, unified } from 'unified'
import { VFile } from 'vfile'
import { parseDocument } from 'yaml'
import { site } from '../../site.config'
import { contentDir } from '../content/paths'
import { code } from './code'
import { diagrams } from './diagrams'
import { facts } from './facts'
import { contentsInPlace, headings } from './headings'
import { links } from './links'
import { maths } from './maths'
import { mdxTree } from './mdx'
import { notes } from './notes'
import { findPicture, missing, type Picture, pictures } from './pictures'
import { sanitised } from './sanitise'
import { styles } from './styles'
import { syntax, tightenDirectives } from './syntax'
import { tables, tasks } from './tables'
import { element, elements, type Found, text as textNode } from './tree'
import { typography } from './typography'

/** What a document's text gives, all from one tree: see `Found` for what is in it besides the HTML. Lines are those of the file. */
export type Rendered = Omit<Found, 'folder' | 'language'> & {
  html: string
  /** What an address can name after its `#`. */
  ids: string[]
  cover?: Picture
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
 * @returns always something: what cannot be read is a problem with its line, and the document its own source.
 */
export async function render(file: string, text: string): Promise<Rendered> {
  const [matter = '', yaml = ''] = /^---[ \t]*\r?\n(?:([\s\S]*?)\r?\n)?---[ \t]*(?:\r?\n|$)/.exec(text) ?? []
  const body = tightenDirectives('\n'.repeat(matter.split('\n').length - 1) + text.slice(matter.length))
  const { lang, images = [] } = (parseDocument(yaml).toJS() ?? {}) as { lang?: string; images?: string[] }
  const found: Found = {
    language: lang ?? site.language,
    folder: dirname(join(contentDir, file)),
    headings: [],
    firstParagraph: '',
    words: 0,
    links: [],
    pictures: [],
    needs: [],
    css: '',
    problems: [],
  }
  const tree = await treeOf(file, body, found)
  const ids: string[] = []
  elements(tree, ({ properties: { id } }) => {
    if (typeof id === 'string') ids.push(id)
  })
  const cover = images[0] ? await findPicture(images[0], found.folder) : undefined
  if (cover && !cover.stamp)
    found.problems.push({ line: 1, severity: 'error', message: missing(images[0] ?? '', cover) })
  const { folder: _folder, language: _language, ...rest } = found
  return { html: toHtml(tree), ids, ...rest, ...(cover ? { cover } : {}) }
}

async function treeOf(name: string, body: string, found: Found): Promise<Root> {
  const isMdx = name.endsWith('.mdx')
  const file = new VFile({ value: body, data: { found } as never })
  try {
    const tree = isMdx
      ? await mdxTree(file, syntax, conversion)
      : ((await fromMarkdown.run(fromMarkdown.parse(file), file)) as Root)
    return (await finish.run(tree, file)) as Root
  } catch (error) {
    const { line, reason, message } = error as { line?: number; reason?: string; message: string }
    const cause =
      error instanceof RangeError ? 'something in it is nested too deeply' : (reason ?? message).split('\n')[0]
    found.problems.push({
      line: line ?? 1,
      severity: 'error',
      message: `${isMdx ? 'MDX' : 'Markdown'} cannot read this: ${cause}`,
    })
    // A draft is previewed as far as it can be: its source.
    return { type: 'root', children: [element('pre', {}, [textNode(body.trim())])] }
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
