import { partsOf } from '../site/address'
import { sections } from '../site/sections.mjs'

const { drafts } = sections

/** Whether a path is the list of drafts, or one below it. */
export const isOfDrafts = (path: string) => path === drafts || path.startsWith(`${drafts}/`)

/**
 * The page that an editor gets after signing in: a page below /drafts on this site. Any other address becomes the list of drafts.
 *
 * @param wanted from the address of the sign-in page or its form, where strangers can write anything.
 */
export function safeAddress(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 500 || !isOfDrafts(partsOf(wanted)[0])) return drafts
  // Browsers drop some control characters and read a backslash as a slash, so an address with them could lead to another host.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are searched for here.
  if (/[\u0000-\u0020\\\u007f]/.test(wanted) || !URL.canParse(wanted, 'http://here.invalid')) return drafts
  const url = new URL(wanted, 'http://here.invalid')
  return url.host === 'here.invalid' && isOfDrafts(url.pathname) ? `${url.pathname}${url.search}` : drafts
}
