// Parses a page as a browser does, and replaces the text of some of its nodes.
import { defaultTreeAdapter, Parser, Token } from 'parse5'

/**
 * The position of an element or a comment in the text of a page: from its start tag to the end of its end tag; `endTag` is where the
 * end tag begins.
 *
 * @typedef {{ startOffset: number, endOffset: number, endTag?: number }} Place
 */
/**
 * A node of parse5, with its position if we keep it.
 *
 * @typedef {object} PageNode
 * @property {string} nodeName
 * @property {string} [tagName]
 * @property {PageNode[]} [childNodes]
 * @property {string} [data] of a comment.
 * @property {string} [value] of a text.
 * @property {Place} [place]
 */
/** @typedef {PageNode & { tagName: string, namespaceURI: string, attrs: { name: string, value: string }[], childNodes: PageNode[], content?: PageNode }} PageElement */
/** @typedef {{ from: number, to: number, text: string }} Change */

/** Elements that are removed or changed, so their positions are kept. */
const PLACED = new Set(['script', 'style', 'link', 'meta', 'div', 'head'])

/**
 * parse5's parser, which keeps the position of some elements and of all comments as `place`. Its option `sourceCodeLocationInfo` does so
 * for every node, and takes twice the time.
 *
 * @extends {Parser<import('parse5').DefaultTreeAdapterMap>}
 */
class PlacingParser extends Parser {
  constructor() {
    super({
      treeAdapter: {
        ...defaultTreeAdapter,
        createElement: (name, ...rest) => {
          /** @type {import('parse5').DefaultTreeAdapterTypes.Element & { place?: Place }} */
          const element = defaultTreeAdapter.createElement(name, ...rest)
          // The parser also makes elements that have no tag in the text: `<tr>` opens a `<tbody>`.
          if (PLACED.has(name) && this.at && 'tagName' in this.at && this.at.tagName === name && this.at.location)
            element.place = { ...this.at.location }
          return element
        },
        createCommentNode: (data) => ({
          ...defaultTreeAdapter.createCommentNode(data),
          place: this.at?.location ?? undefined,
        }),
        onItemPop: (item) => {
          const { place, tagName } = /** @type {PageElement} */ (item)
          if (!place || this.at?.type !== Token.TokenType.END_TAG || !('tagName' in this.at)) return
          if (this.at.tagName !== tagName || !this.at.location) return
          place.endTag = this.at.location.startOffset
          place.endOffset = this.at.location.endOffset
        },
      },
    })
    /** @type {Token.TagToken | Token.CommentToken | undefined} */
    this.at = undefined
    // parse5 (8.1.1) declares these as protected, and has no public way to get the position of only some nodes.
    const tokenizer = /** @type {any} */ (this.tokenizer)
    tokenizer.options.sourceCodeLocationInfo = true
    tokenizer.currentLocation = tokenizer.getCurrentLocation(-1)
    this.options = { ...this.options, sourceCodeLocationInfo: false }
  }
  /** @param {Token.TagToken} token */
  onStartTag(token) {
    this.at = token
    super.onStartTag(token)
  }
  /** @param {Token.TagToken} token */
  onEndTag(token) {
    this.at = token
    super.onEndTag(token)
  }
  /** @param {Token.CommentToken} token */
  onComment(token) {
    this.at = token
    super.onComment(token)
  }
}

/**
 * @param {string} html
 * @returns {PageNode} the document, as a browser would build it.
 */
export function parsePage(html) {
  const parser = new PlacingParser()
  parser.tokenizer.write(html, true)
  return parser.document
}

/**
 * @param {PageNode} node
 * @returns {node is PageElement}
 */
export const isElement = (node) => node.tagName !== undefined

/**
 * @param {PageElement} node
 * @param {string} name
 * @returns the value of an attribute; undefined when the element does not have it.
 */
export const attribute = (node, name) => node.attrs.find((each) => each.name === name)?.value

/** @param {PageElement} node */
export const classes = (node) => (attribute(node, 'class') ?? '').split(/\s+/)

/**
 * The words of the `rel` of a link, in small letters.
 *
 * @param {PageElement} node
 */
export const kindsOf = (node) => (attribute(node, 'rel') ?? '').toLowerCase().split(/\s+/)

/** @param {PageNode} node */
export const textOf = (node) => (node.childNodes ?? []).map((child) => child.value ?? '').join('')

/**
 * @param {PageNode} node
 * @returns {Place}
 * @throws {Error} for a node that has no tag in the text.
 */
export function placeOf({ nodeName, place }) {
  if (!place) throw new Error(`<${nodeName}> stands nowhere in the page`)
  return place
}

/**
 * Replaces a node.
 *
 * @param {PageNode} node
 * @param {string} [text] the new text in its place; empty removes the node.
 * @returns {Change}
 */
export function inPlaceOf(node, text = '') {
  const { startOffset, endOffset } = placeOf(node)
  return { from: startOffset, to: endOffset, text }
}

/**
 * Applies changes to the text of a page.
 *
 * @param {string} html
 * @param {Change[]} changes in any order.
 * @returns {string} the page with these changes.
 */
export function changed(html, changes) {
  let made = ''
  let at = 0
  for (const { from, to, text } of changes.sort((a, b) => a.from - b.from)) {
    // This node is inside an element that has been replaced.
    if (from < at) continue
    made += html.slice(at, from) + text
    at = to
  }
  return made + html.slice(at)
}
