import type { Changes } from '../store/types'

/** A whole opening tag of a link, as a stored body has it: values in double quotes; `"`, `&`, `<` and `>` in them escaped. */
const LINK = /<a(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*>/g

/**
 * Sets the links of a compiled body as the manifest has them.
 *
 * @param changes by the address as it is written in the document; null takes the link from its words.
 */
export function withLinks(html: string, changes: Changes | undefined): string {
  if (!changes) return html
  return html.replace(LINK, (tag) =>
    tag.replace(/\shref="([^"]*)"/, (whole, written: string) => {
      const href = written.replace(/&#x(22|3C|3E|26);/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
      const to = Object.hasOwn(changes, href) ? changes[href] : undefined
      if (to === undefined) return whole
      return to === null ? '' : ` href="${to.replace(/["&<>]/g, escaped)}"`
    }),
  )
}

const escaped = (mark: string) => `&#x${mark.charCodeAt(0).toString(16).toUpperCase()};`
