/** Removes from the raw HTML of a document everything that is not allowed, with a warning for each kind. */
import type { Element, Root, RootContent } from 'hast'
import { type Token, Tokenizer } from 'parse5'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema, type Options } from 'rehype-sanitize'
import type { PluggableList } from 'unified'
import type { VFile } from 'vfile'
import { isRun, never } from '../site/elements.mjs'
import { embedCodes } from './plugins/embed-codes'
import { elements, foundIn, lineOf } from './tree'

const attributes = defaultSchema.attributes ?? {}
const tagNames = defaultSchema.tagNames ?? []

/** The words that an author may write in `rel`; `links.ts` adds others. */
const REL: [string, ...string[]] = ['rel', 'me', 'author', 'license', 'nofollow', 'sponsored', 'ugc']

/** GitHub's list of allowed HTML, and the elements that posts use besides. */
const schema: Options = {
  ...defaultSchema,
  clobber: [],
  tagNames: [
    ...tagNames,
    ...['abbr', 'mark', 'figure', 'figcaption', 'dl', 'dt', 'dd', 'small', 'cite', 'dfn', 'time', 'u', 'wbr', 'bdi'],
    ...['bdo', 'rp', 'rt', 'ruby', 'aside', 'video', 'audio', 'source', 'track', 'caption', 'colgroup', 'col'],
    ...['progress', 'meter'],
  ],
  attributes: {
    ...attributes,
    '*': [...(attributes['*'] ?? []).filter((name) => name !== 'name'), 'lang', 'dir', 'title', 'id'],
    // When an attribute is listed twice, the first counts.
    a: [['className', 'embed', 'data-footnote-backref'], ...(attributes.a ?? []), 'hrefLang', 'name', REL],
    progress: ['value', 'max'],
    meter: ['value', 'min', 'max', 'low', 'high', 'optimum'],
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
  protocols: {
    ...defaultSchema.protocols,
    href: [...(defaultSchema.protocols?.href ?? []), 'tel', 'sms'],
    poster: ['http', 'https'],
    srcSet: ['http', 'https'],
  },
}

/** Elements whose content a browser reads as text up to the end tag: GFM's "disallowed raw HTML". */
const SWALLOWING = new Set('title textarea style xmp iframe noembed noframes script plaintext'.split(' '))
/** Elements of a whole page; a browser ignores their tags inside one. */
const OF_PAGES = new Set('html head body frameset frame'.split(' '))

type Raw = { value: string; position?: Element['position'] }
type Tag = { node: Raw; kind: string; isEnd: boolean; at: number }

/** The tags in a piece of raw HTML, in order. */
function tagsIn(node: Raw): Tag[] {
  const tags: Tag[] = []
  const add = (isEnd: boolean) => (token: Token.TagToken) =>
    tags.push({ node, kind: token.tagName, isEnd, at: token.location?.startOffset ?? 0 })
  const ignore = () => undefined
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onStartTag: add(false),
      onEndTag: add(true),
      onComment: ignore,
      onDoctype: ignore,
      onEof: ignore,
      onCharacter: ignore,
      onNullCharacter: ignore,
      onWhitespaceCharacter: ignore,
    },
  )
  tokenizer.write(node.value, true)
  return tags
}

/**
 * Parses the raw HTML of a document, if it has any. In "The <title> of a page" without backticks, the tag would swallow the rest of the
 * post, and "before </head>" would disappear. Such tags are set as text, with a warning.
 */
function rawHtml() {
  const parse = rehypeRaw()
  return (tree: Root, file: VFile) => {
    const raw: Raw[] = []
    const collect = (node: Root | RootContent) => {
      if (node.type === 'raw') raw.push(node)
      else if ('children' in node) for (const child of node.children) collect(child)
    }
    collect(tree)
    if (raw.length === 0) return tree
    const tags = raw.flatMap(tagsIn)
    const lastEnd = new Map(tags.flatMap(({ kind, isEnd }, index) => (isEnd ? [[kind, index]] : [])))
    const words = new Map<Raw, number[]>()
    let open: string | undefined
    for (const [index, { node, kind, isEnd, at }] of tags.entries()) {
      if (open !== undefined) {
        if (isEnd && kind === open) open = undefined
        continue
      }
      if (!SWALLOWING.has(kind) && !OF_PAGES.has(kind)) continue
      if (!isEnd && SWALLOWING.has(kind) && kind !== 'plaintext' && (lastEnd.get(kind) ?? -1) > index) {
        open = kind
        continue
      }
      words.set(node, [...(words.get(node) ?? []), at])
      const why = OF_PAGES.has(kind) ? 'is no part of a post' : isEnd ? 'closes nothing' : 'is never closed'
      foundIn(file).problems.push({
        line: (node.position?.start.line ?? 1) + node.value.slice(0, at).split('\n').length - 1,
        severity: 'warning',
        message: `<${isEnd ? '/' : ''}${kind}> ${why}, and is set as text. Write it between backticks, or remove it.`,
      })
    }
    for (const [node, places] of words)
      for (const at of places.toReversed()) node.value = `${node.value.slice(0, at)}&lt;${node.value.slice(at + 1)}`
    return parse(tree, file) as Root
  }
}

/** Attributes with an address. */
const ADDRESSES = ['href', 'src', 'poster', 'cite']

/** Warns about HTML that will be removed, once for each kind. */
function warnOfRemovals() {
  return (tree: Root, file: VFile) => {
    const said = new Set<string>()
    const say = (node: Element, kind: string, remedy: string) => {
      if (said.has(kind)) return
      said.add(kind)
      foundIn(file).problems.push({
        line: lineOf(node),
        severity: 'warning',
        message: `${kind} cannot stay in a post, and is left out. ${remedy}`,
      })
    }
    elements(tree, (node) => {
      if (!schema.tagNames?.includes(node.tagName))
        say(node, `<${node.tagName}>`, 'Write it in markdown, or remove it.')
      for (const name of Object.keys(node.properties)) {
        if (/^on/i.test(name)) say(node, `"${name.toLowerCase()}"`, 'Nothing in a post may run; remove it.')
        if (name === 'style') say(node, '"style"', 'How a text looks is in app/article.css; remove it.')
      }
      for (const name of ADDRESSES) {
        const [scheme] = /^[^/?#:]*:/.exec(String(node.properties[name] ?? '')) ?? []
        if (scheme && !schema.protocols?.[name]?.includes(scheme.slice(0, -1).toLowerCase()))
          say(node, `An address that begins with ${JSON.stringify(scheme)}`, 'Use another one, or remove it.')
      }
    })
  }
}

/** Refuses elements in MDX, which is not sanitised, that would not work on a page. */
export function scripts() {
  return (tree: Root, file: VFile) => {
    elements(tree, (node) => {
      const isScript = node.tagName === 'script' && isRun(node.properties.type)
      const remedy = isScript ? 'Put it into app/layout.tsx or a page of its own.' : never.get(node.tagName)
      if (!remedy) return
      const message = `<${node.tagName}> cannot work in a post. ${remedy}`
      foundIn(file).problems.push({ line: lineOf(node), severity: 'error', message })
    })
  }
}

/** Whether an id is reserved. A browser makes a global variable of each id, so `id="_N_E"` would replace one of the framework. */
export const isReserved = (id: string) => /^(_|TURBOPACK|NEXT_)/.test(id)

/** Writes schemes in small letters: `HTTPS:` is allowed, but the schema compares letters exactly. */
function plainSchemes() {
  return (tree: Root) => {
    elements(tree, ({ properties }) => {
      for (const name of ADDRESSES)
        if (typeof properties[name] === 'string')
          properties[name] = properties[name].replace(/^[a-z][a-z0-9+.-]*:/i, (scheme) => scheme.toLowerCase())
    })
  }
}

function plainAttributes() {
  return (tree: Root) => {
    elements(tree, ({ properties }) => {
      if (typeof properties.id === 'string' && isReserved(properties.id)) delete properties.id
      // All classes of the element were removed.
      if (Array.isArray(properties.className) && properties.className.length === 0) delete properties.className
    })
  }
}

/** Removes everything that the schema does not allow. */
export const cleaned: PluggableList = [plainSchemes, [rehypeSanitize, schema], plainAttributes]

export const sanitised: PluggableList = [rawHtml, embedCodes, warnOfRemovals, ...cleaned]
