/** Writes XML 1.0. */

/** A piece of XML that `tag` has made; anything else is text, and is escaped. */
export type Markup = { xml: string }
type Content = string | undefined | (Markup | undefined)[]

/** Characters that no XML document may have, not even escaped (XML 1.0 §2.2): control characters, halves of pairs, U+FFFE and U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** A text without the characters that XML forbids. */
export const allowed = (words: string) => words.replace(FORBIDDEN, '')

/** `&#x26;` for `&`. */
const reference = (mark: string) => `&#x${mark.charCodeAt(0).toString(16).toUpperCase()};`

/** Readers that take the title of an RSS item for HTML show these forms rightly too (RSS Advisory Board, Best Practices Profile). */
const escaped = (words: string) => allowed(words).replace(/[&<>"\r]/g, reference)

const opening = (name: string, attributes: Record<string, string | number | undefined>) => {
  const all = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [` ${key}="${escaped(String(value)).replace(/[\t\n]/g, ' ')}"`],
  )
  return `<${name}${all.join('')}`
}

/**
 * An element.
 *
 * @param attributes those that are undefined or empty are left out.
 * @param content its text, or its elements in order. No white space is added to a text.
 */
export function tag(
  name: string,
  attributes: Record<string, string | number | undefined>,
  content: Content = [],
): Markup {
  const inner =
    typeof content === 'string' ? escaped(content) : content.flatMap((one) => (one ? [`\n${one.xml}`] : [])).join('')
  if (inner === '') return { xml: `${opening(name, attributes)}/>` }
  return { xml: `${opening(name, attributes)}>${inner}${typeof content === 'string' ? '' : '\n'}</${name}>` }
}

/** An element whose text is HTML, in a CDATA section; `]]>` in it is divided between two. */
export const tagOfHtml = (name: string, attributes: Record<string, string | undefined>, html: string): Markup => ({
  xml: `${opening(name, attributes)}><![CDATA[${allowed(html).replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`,
})

/** A document with its declaration; it is to be sent as UTF-8. */
export const documentOf = (root: Markup) => `<?xml version="1.0" encoding="utf-8"?>\n${root.xml}\n`

/** A plain text as HTML. */
export const htmlOfText = (words: string) => words.replace(/[&<>]/g, reference)
