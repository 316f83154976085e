/** What may stay of the raw HTML in a document, and what is said of the rest. */
import type { Element, Root } from 'hast'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema, type Options } from 'rehype-sanitize'
import type { PluggableList } from 'unified'
import type { VFile } from 'vfile'
import { elements, foundIn, lineOf } from './tree'

const attributes = defaultSchema.attributes ?? {}
const tagNames = defaultSchema.tagNames ?? []

/** GitHub's list, and what posts really use besides. */
const schema: Options = {
  ...defaultSchema,
  clobber: [],
  tagNames: [
    ...tagNames,
    ...['abbr', 'mark', 'figure', 'figcaption', 'dl', 'dt', 'dd', 'small', 'cite', 'dfn', 'time', 'u', 'wbr', 'bdi'],
    ...['bdo', 'rp', 'rt', 'ruby', 'aside', 'video', 'audio', 'source', 'track', 'caption', 'colgroup', 'col'],
  ],
  attributes: {
    ...attributes,
    '*': [...(attributes['*'] ?? []).filter((name) => name !== 'name'), 'lang', 'dir', 'title', 'id'],
    a: [...(attributes.a ?? []), 'hrefLang', ['className', 'embed', 'data-footnote-backref']],
    aside: [['className', 'alert', /^alert-\w+$/], 'role', 'ariaLabel'],
    div: [...(attributes.div ?? []), ['className', 'wide', 'toc-here']],
    p: [['className', 'alert-title']],
    code: [['className', /^language-./, 'math-inline', 'math-display'], 'dataMeta'],
    time: ['dateTime'],
    video: ['src', 'controls', 'width', 'height', 'poster', 'loop', 'muted', 'playsInline', 'preload'],
    audio: ['src', 'controls', 'loop', 'muted', 'preload'],
    source: ['src', 'type', 'media', 'srcSet', 'sizes'],
    track: ['src', 'kind', 'srcLang', 'label', 'default'],
    details: ['open', 'name'],
  },
  protocols: { ...defaultSchema.protocols, poster: ['http', 'https'] },
}

/** Parses the raw HTML of a document that has any, which most do not. */
function rawHtml() {
  const parse = rehypeRaw()
  const hasRaw = (node: { type: string; children?: unknown[] }): boolean =>
    node.type === 'raw' || (node.children?.some((child) => hasRaw(child as never)) ?? false)
  return (tree: Root, file: VFile) => (hasRaw(tree) ? (parse(tree, file) as Root) : tree)
}

/** Says what will be left out, once for each kind: nothing disappears in silence. */
function sayWhatGoes() {
  return (tree: Root, file: VFile) => {
    const said = new Set<string>()
    const say = (node: Element, what: string, remedy: string) => {
      if (said.has(what)) return
      said.add(what)
      foundIn(file).problems.push({
        line: lineOf(node),
        severity: 'warning',
        message: `${what} cannot stay in a post, and is left out. ${remedy}`,
      })
    }
    elements(tree, (node) => {
      if (!schema.tagNames?.includes(node.tagName))
        say(node, `<${node.tagName}>`, 'Write it in markdown, or remove it.')
      for (const name of Object.keys(node.properties)) {
        if (/^on/i.test(name)) say(node, `"${name.toLowerCase()}"`, 'Nothing in a post may run; remove it.')
        if (name === 'style') say(node, '"style"', 'How a text looks is in app/article.css; remove it.')
      }
    })
  }
}

/** Ids that begin like the framework's own globals would stand in for them (`window.__next_f`). */
function plainIds() {
  return (tree: Root) => {
    elements(tree, ({ properties }) => {
      if (typeof properties.id === 'string' && /^_/.test(properties.id)) delete properties.id
    })
  }
}

export const sanitised: PluggableList = [rawHtml, sayWhatGoes, [rehypeSanitize, schema], plainIds]
