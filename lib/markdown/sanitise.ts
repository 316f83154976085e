/** What may stay of the raw HTML in a document, and what is said of the rest. */
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

/** What a link may say of what it leads to; `links.ts` adds the rest. */
const REL: [string, ...string[]] = ['rel', 'me', 'author', 'license', 'nofollow', 'sponsored', 'ugc']

/** GitHub's list, and what posts really use besides. */
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
    // The first definition of a name is the one that counts.
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

/** What is in these is text to a browser, up to their end: GFM's "disallowed raw HTML". */
const SWALLOWING = new Set('title textarea style xmp iframe noembed noframes script plaintext'.split(' '))
/** A part of a page has none of these: a browser leaves their tags out. */
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
 * Parses the raw HTML of a document that has any, which most do not. "The <title> of a page" and "before </head>", without backticks,
 * must neither take the rest of the post for their own nor go without a word: such a tag is set as text, as GFM has it for some.
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

/** What has an address in it. */
const ADDRESSES = ['href', 'src', 'poster', 'cite']

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
      for (const name of ADDRESSES) {
        const [scheme] = /^[^/?#:]*:/.exec(String(node.properties[name] ?? '')) ?? []
        if (scheme && !schema.protocols?.[name]?.includes(scheme.slice(0, -1).toLowerCase()))
          say(node, `An address that begins with ${JSON.stringify(scheme)}`, 'Use another one, or remove it.')
      }
    })
  }
}

/** Says what is not sanitised, since it is the author's own code, and would not work all the same. */
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

/** An element whose id is the name of one of the framework's own globals would stand in for it, and nothing on the page would run. */
export const isReserved = (id: string) => /^(_|TURBOPACK|NEXT_)/.test(id)

/** `HTTPS:` is `https:` to a browser, and the schema knows small letters only. */
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
      // What is left of classes that may not stay.
      if (Array.isArray(properties.className) && properties.className.length === 0) delete properties.className
    })
  }
}

/** Leaves what may stay. */
export const cleaned: PluggableList = [plainSchemes, [rehypeSanitize, schema], plainAttributes]

export const sanitised: PluggableList = [rawHtml, embedCodes, sayWhatGoes, ...cleaned]
