import { dirname, join, relative, sep } from 'node:path'
import GithubSlugger from 'github-slugger'
import type { Element, ElementContent, Root } from 'hast'
import { toHtml } from 'hast-util-to-html'
import { toString as textOf } from 'hast-util-to-string'
import type { Blockquote, Code, Root as MarkdownRoot } from 'mdast'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { type PluggableList, unified } from 'unified'
import type { VFile } from 'vfile'
import { parse as parseYaml } from 'yaml'
import { site } from '../../site.config'
import type { Problem } from '../content/front-matter'
import { contentDir } from '../content/paths'
import { codeBlock, element, knowsLanguage } from './code'
import { findPicture, type Picture } from './pictures'
import { typography } from './typography'

export type Heading = { id: string; text: string; depth: 2 | 3 }

/** What a document's text gives, all from one tree. */
export type Rendered = {
  html: string
  /** Those of the second and third level, in order. */
  headings: Heading[]
  /** Plain text. */
  firstParagraph: string
  words: number
  /** Addresses as they are written. */
  links: string[]
  pictures: Picture[]
  cover?: Picture
  /** Lines are those of the file. */
  problems: Omit<Problem, 'file'>[]
}

const markdown: PluggableList = [remarkGfm, alerts]
const sanitised: PluggableList = [
  rawHtml,
  [
    rehypeSanitize,
    {
      ...defaultSchema,
      clobber: [],
      tagNames: [
        ...(defaultSchema.tagNames ?? []),
        ...[
          'abbr',
          'mark',
          'figure',
          'figcaption',
          'dl',
          'dt',
          'dd',
          'small',
          'cite',
          'dfn',
          'time',
          'u',
          'wbr',
          'bdi',
          'bdo',
          'rp',
          'rt',
          'ruby',
          'aside',
          'video',
        ],
      ],
      attributes: {
        ...defaultSchema.attributes,
        '*': [
          ...(defaultSchema.attributes?.['*'] ?? []).filter((name) => name !== 'name'),
          'lang',
          'dir',
          'title',
          'id',
        ],
        a: [...(defaultSchema.attributes?.a ?? []), 'hrefLang'],
        aside: [['className', 'alert', /^alert-\w+$/], 'role', 'ariaLabel'],
        p: [['className', 'alert-title']],
        code: [['className', /^language-./], 'dataMeta'],
        time: ['dateTime'],
        video: ['src', 'controls', 'width', 'height', 'poster', 'loop', 'muted', 'playsInline', 'preload'],
      },
    },
  ],
]
const finished: PluggableList = [headings, links, pictures, tables, tasks, [typography, site.language], facts, code]

const fromMarkdown = unified()
  .use(remarkParse)
  .use(markdown)
  .use(remarkRehype, { allowDangerousHtml: true, clobberPrefix: '', handlers: { code: fencedCode } })
  .use(sanitised)
  .use(finished)

/**
 * Renders a document.
 *
 * @param file relative to the content folder; `.mdx` is MDX, anything else markdown (CommonMark 0.31 and GFM).
 * @param text the whole file; its front matter is skipped, so lines are counted as its author sees them.
 * @throws what MDX cannot parse is thrown as it is for other documents: as a problem of the file, never.
 */
export async function render(file: string, text: string): Promise<Rendered> {
  const matter = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(\r?\n|$)/m.exec(text)
  const blank = matter && matter.index === 0 ? '\n'.repeat(matter[0].split('\n').length - 1) : ''
  const body = blank ? blank + text.slice((matter?.[0] ?? '').length) : text
  const folder = dirname(join(contentDir, file))
  const found: Found = { folder, headings: [], firstParagraph: '', words: 0, links: [], pictures: [], problems: [] }
  let html: string
  if (file.endsWith('.mdx')) html = await renderMdx(body, found)
  else {
    const tree = fromMarkdown.parse(body)
    html = toHtml((await fromMarkdown.run(tree, { data: { found } } as unknown as VFile)) as Root)
  }
  const images = (matter && (parseYaml(matter[1] ?? '') as { images?: string[] } | null)?.images) ?? []
  const cover = images[0] ? await findPicture(images[0], folder) : undefined
  if (cover && !cover.stamp)
    found.problems.push({ line: 1, severity: 'error', message: missing(images[0] ?? '', cover) })
  const { folder: _folder, ...rest } = found
  return { html, ...rest, ...(cover ? { cover } : {}) }
}

type Found = Omit<Rendered, 'html' | 'cover'> & { folder: string }
const foundIn = (file: VFile) => (file.data as { found: Found }).found

type Parent = { children: unknown[] }

/** Calls `visitor` with every element below `node`, in document order, and where it stands; a new child is not visited. */
function elements(node: Root | Element, visitor: (element: Element, parent: Parent, index: number) => void) {
  for (const [index, child] of [...node.children].entries()) {
    if (child.type !== 'element') continue
    visitor(child, node, index)
    elements(child, visitor)
  }
}

/** Parses the raw HTML of a document that has any, which most do not. */
function rawHtml() {
  const parse = rehypeRaw()
  const hasRaw = (node: { type: string; children?: unknown[] }): boolean =>
    node.type === 'raw' || (node.children?.some((child) => hasRaw(child as never)) ?? false)
  return (tree: Root, file: VFile) => (hasRaw(tree) ? (parse(tree, file) as Root) : tree)
}

/** `> [!NOTE]` and its four relatives, as GitHub writes them. */
function alerts() {
  const titles: Record<string, string> = {
    NOTE: 'Note',
    TIP: 'Tip',
    IMPORTANT: 'Important',
    WARNING: 'Warning',
    CAUTION: 'Caution',
  }
  return (tree: MarkdownRoot) => {
    const alert = (node: Blockquote) => {
      const first = node.children[0]
      const opening = first?.type === 'paragraph' ? first.children[0] : undefined
      const match =
        opening?.type === 'text' && /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/.exec(opening.value)
      if (!match || first?.type !== 'paragraph' || opening?.type !== 'text') return
      const title = titles[match[1] ?? ''] ?? ''
      opening.value = opening.value.slice(match[0].length)
      if (opening.value === '') first.children.shift()
      if (first.children[0]?.type === 'break') first.children.shift()
      if (first.children.length === 0) node.children.shift()
      node.children.unshift({
        type: 'paragraph',
        children: [{ type: 'text', value: title }],
        data: { hProperties: { className: ['alert-title'] } },
      })
      node.data = {
        ...node.data,
        hName: 'aside',
        hProperties: { className: ['alert', `alert-${title.toLowerCase()}`], role: 'note', ariaLabel: title },
      }
    }
    const walk = (node: Parent) => {
      for (const child of node.children as ({ type: string } & Parent)[]) {
        if (child.type === 'blockquote') alert(child as unknown as Blockquote)
        if (child.children) walk(child)
      }
    }
    walk(tree)
  }
}

/** Keeps what stands after a fence's language, which would be lost on the way to HTML. */
function fencedCode(_state: unknown, node: Code): Element {
  const properties: Element['properties'] = {}
  if (node.lang) properties.className = [`language-${node.lang}`]
  if (node.meta) properties.dataMeta = node.meta
  const value = node.value ? `${node.value}\n` : ''
  return {
    ...element('pre', {}, [element('code', properties, [{ type: 'text', value }])]),
    ...(node.position ? { position: node.position } : {}),
  }
}

/** Gives every heading a stable id and a link to itself; collects the table of contents. */
function headings() {
  return (tree: Root, file: VFile) => {
    const slugger = new GithubSlugger()
    elements(tree, (node) => {
      if (!/^h[1-6]$/.test(node.tagName)) return
      const text = textOf(node)
      if (node.properties.id === 'footnote-label') return
      const depth = Number(node.tagName[1])
      // The page has its own first heading.
      if (depth === 1) node.tagName = 'h2'
      const id =
        typeof node.properties.id === 'string' ? node.properties.id : slugger.slug(text) || slugger.slug('section')
      node.properties.id = id
      node.children.push(
        element('a', { className: ['anchor'], href: `#${encodeURIComponent(id)}`, ariaLabel: `Link to “${text}”` }, []),
      )
      if (depth <= 3) foundIn(file).headings.push({ id, text, depth: depth === 3 ? 3 : 2 })
    })
  }
}

/** Marks links that leave the site. */
function links() {
  const own = new URL(site.address).host
  return (tree: Root, file: VFile) => {
    elements(tree, (node) => {
      if (node.tagName !== 'a' || typeof node.properties.href !== 'string') return
      const { href } = node.properties
      if (!node.properties.className?.toString().includes('anchor')) foundIn(file).links.push(href)
      if (/^https?:\/\//i.test(href) && URL.canParse(href) && new URL(href).host !== own)
        node.properties.rel = ['noopener', 'noreferrer']
    })
  }
}

/** Gives local pictures their size; a picture alone in its paragraph becomes a figure with its title as caption. */
function pictures() {
  return async (tree: Root, file: VFile) => {
    const found = foundIn(file)
    const images: Element[] = []
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'img') images.push(node)
      if (node.tagName !== 'p') return
      const only = node.children.filter((child) => child.type !== 'text' || child.value.trim())
      const image = only[0]
      if (only.length !== 1 || image?.type !== 'element' || image.tagName !== 'img') return
      const { title } = image.properties
      delete image.properties.title
      const caption = title ? [element('figcaption', {}, [{ type: 'text', value: String(title) }])] : []
      parent.children[index] = element('figure', {}, [image, ...caption])
    })
    for (const [index, image] of images.entries()) {
      const src = String(image.properties.src ?? '')
      const line = image.position?.start.line ?? 1
      if (image.properties.alt === undefined) {
        found.problems.push({
          line,
          severity: 'warning',
          message: `the picture ${src} has no description. Write one between the brackets: ![what it shows](${src}).`,
        })
        image.properties.alt = ''
      }
      const picture = await findPicture(src, found.folder)
      Object.assign(
        image.properties,
        { decoding: 'async' },
        index === 0 ? { fetchPriority: 'high' } : { loading: 'lazy' },
      )
      if (!picture) {
        image.properties.referrerPolicy = 'no-referrer'
        continue
      }
      found.pictures.push(picture)
      if (!picture.stamp) found.problems.push({ line, severity: 'error', message: missing(src, picture) })
      image.properties.src = picture.src
      if (picture.width) Object.assign(image.properties, { width: picture.width, height: picture.height })
    }
  }
}

function missing(source: string, picture: Picture) {
  const inContent = relative(contentDir, picture.file)
  const place = inContent.startsWith('..') ? relative('.', picture.file) : `content/${inContent}`
  return `there is no picture ${source}. Put it at ${place.split(sep).join('/')}, or mend the name.`
}

/** Wide tables scroll by themselves, and a keyboard can reach them. */
function tables() {
  return (tree: Root) => {
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'th') node.properties.scope = 'col'
      if (node.tagName !== 'table') return
      parent.children[index] = element(
        'div',
        { className: ['wide-table'], tabIndex: 0, role: 'region', ariaLabel: 'Table' },
        [node],
      )
    })
  }
}

/** Says whether a task is done to those who cannot see its box. */
function tasks() {
  return (tree: Root) => {
    elements(tree, (node) => {
      if (node.tagName === 'input') node.properties.ariaLabel = node.properties.checked ? 'Done' : 'To do'
    })
  }
}

/** Highlights fenced code. */
function code() {
  return async (tree: Root, file: VFile) => {
    const blocks: { block: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'pre') blocks.push({ block: node, parent, index })
    })
    for (const { block, parent, index } of blocks) {
      const inner = block.children.find(
        (child): child is Element => child.type === 'element' && child.tagName === 'code',
      )
      if (!inner) continue
      const language =
        ((inner.properties.className as string[] | undefined) ?? [])
          .find((name) => name.startsWith('language-'))
          ?.slice(9) ?? ''
      if (!knowsLanguage(language.split(':')[0]?.toLowerCase() ?? '')) {
        const line = block.position?.start.line ?? 1
        foundIn(file).problems.push({
          line,
          severity: 'warning',
          message: `no highlighting for "${language}"; it is set as plain text. Write text, or a language that Shiki knows.`,
        })
      }
      parent.children[index] = await codeBlock(textOf(inner), language, String(inner.properties.dataMeta ?? ''))
    }
  }
}

/** Counts the words and keeps the first paragraph as text. */
function facts() {
  const segments = new Intl.Segmenter(site.language, { granularity: 'word' })
  const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
  return (tree: Root, file: VFile) => {
    const found = foundIn(file)
    elements(tree, (node, parent) => {
      if (node.tagName === 'p' && !found.firstParagraph && parent === tree)
        found.firstParagraph = textOf(node).replace(/\s+/g, ' ').trim()
    })
    const text = tree.children.map((node) => (node.type === 'element' ? textIn(node) : '')).join(' ')
    if (!unspaced.test(text)) found.words = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*/gu)?.length ?? 0
    else for (const segment of segments.segment(text)) if (segment.isWordLike) found.words++
  }
}

/** The text of a block with a space between its blocks; `hast-util-to-string` would join the last word to the next. */
function textIn(node: Element): string {
  const parts = node.children.map((child: ElementContent) =>
    child.type === 'text' ? child.value : child.type === 'element' ? textIn(child) : '',
  )
  return /^(p|li|td|th|h[1-6]|dt|dd|figcaption)$/.test(node.tagName) ? `${parts.join('')} ` : parts.join('')
}

/** MDX is the author's own code: it runs at build time, renders to HTML there, and is not sanitised. */
async function renderMdx(body: string, found: Found): Promise<string> {
  const [{ evaluate }, runtime, { renderToStaticMarkup }, { createElement }, { VFile: File }] = await Promise.all([
    import('@mdx-js/mdx'),
    import('react/jsx-runtime'),
    import('react-dom/server'),
    import('react'),
    import('vfile'),
  ])
  const file = new File({ value: body, data: { found } as never })
  try {
    const { default: Content } = await evaluate(file, {
      ...runtime,
      baseUrl: import.meta.url,
      remarkPlugins: markdown,
      rehypePlugins: finished,
      remarkRehypeOptions: { clobberPrefix: '', handlers: { code: fencedCode as never } },
    })
    return renderToStaticMarkup(createElement(Content))
  } catch (error) {
    const { line, reason, message } = error as { line?: number; reason?: string; message: string }
    found.problems.push({
      line: line ?? 1,
      severity: 'error',
      message: `MDX cannot read this: ${(reason ?? message).split('\n')[0]}`,
    })
    // A draft is previewed as far as it can be: its source.
    return toHtml(element('pre', {}, [{ type: 'text', value: body.trim() }]))
  }
}
