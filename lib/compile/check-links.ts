import { decode, draftAddress, ownPath, partsOf, safelyDecoded } from '../site/address'
import { statusOf } from '../store/status'
import type { Changes, Link, Problem } from '../store/types'
import { closest, type LinkedDocument, listsOf, Places } from './places'

/**
 * @property hrefs for every reader.
 * @property previewHrefs what an editor gets over it in a preview: links to other previews.
 */
export type CheckedLinks = { hrefs: Changes; previewHrefs: Changes }

/** Of a page whatever its text: the main part, and the top (HTML §7.4.6.4). */
const EVERYWHERE = new Set(['', 'top', 'main'])

/**
 * Resolves and checks the links of all documents.
 *
 * A link may name a file (`./other.md`), a slug (`guide/hello`) or an address; what it comes to is the address itself, so that no
 * redirect stands between the click and the page. What the public can see is looked for first in every form, so that a draft
 * changes nothing about where a link leads.
 *
 * @returns problems (a link to nothing is an error; to what is not published, or to an anchor that is not there, a
 * warning), and what changes, by file.
 */
export function checkLinks(
  documents: LinkedDocument[],
  now: Date,
): { problems: Problem[]; checked: Map<string, Partial<CheckedLinks>> } {
  const places = new Places(documents, now)
  const problems: Problem[] = []
  const checked = new Map<string, Partial<CheckedLinks>>()
  for (const document of documents) {
    const route = document.type === 'Page' && places.routeBefore(document.slug)
    if (route)
      problems.push({
        file: document.file,
        line: 1,
        severity: 'error',
        message: `the address /${document.slug} belongs to app/${route}, so this page is never shown. Give the file another name or folder.`,
      })
    if (document.links.length === 0) continue
    const changes: CheckedLinks = { hrefs: {}, previewHrefs: {} }
    for (const link of document.links) {
      const say = (severity: Problem['severity'], message: string) =>
        problems.push({ file: document.file, line: link.line, severity, message })
      checkLink(link, document, places, changes, say)
    }
    const { hrefs, previewHrefs } = changes
    if (Object.keys(hrefs).length === 0) continue
    // An unlisted post has a preview too.
    const hasPreview = document.post && statusOf(document.post, now) !== 'published'
    checked.set(document.file, hasPreview ? { hrefs, previewHrefs } : { hrefs })
  }
  return { problems, checked }
}

function checkLink(
  { href, bare }: Link,
  document: LinkedDocument,
  places: Places,
  changes: CheckedLinks,
  say: (severity: Problem['severity'], message: string) => void,
) {
  const [written, query, fragment] = partsOf(href)
  const asked = ownPath(written)
  if (asked === undefined) return
  const target = written === '' ? { address: '', document } : places.find(asked, document)
  if (!target) {
    const near = places.nearest(asked, document)
    const shown = inWords(written)
    return say(
      'error',
      `there is nothing at ${shown}. ${near ? `Write ${near}, or remove the link.` : 'Mend the address, or remove the link.'}`,
    )
  }
  if (target.status) {
    changes.hrefs[href] = null
    // The list that a draft will open itself.
    if (target.status === 'empty' && document.post && listsOf(document.post).includes(target.address)) {
      changes.previewHrefs[href] = target.address + query + fragment
      return
    }
    if (target.document?.post) changes.previewHrefs[href] = draftAddress(target.document.slug) + query + fragment
    if (target.document === document) return
    if (bare)
      return say(
        'error',
        `${inWords(href)} is not published, and these words tell of it. Write [other words](${href}).`,
      )
    const why =
      target.status === 'empty'
        ? `there is nothing published at ${inWords(written)} yet`
        : `${inWords(written)} is not published (${target.status === 'draft' ? 'a draft' : target.status})`
    const until = target.status === 'empty' ? 'there is' : 'it is'
    if (!places.isInTime(target, document)) say('warning', `${why}; until ${until}, the words are set without a link.`)
    return
  }
  const hash = anchor(fragment, target.document, say)
  const address = target.address + query + hash
  if (address !== href) changes.hrefs[href] = address
}

/** An address as a message has it: decoded, but for what nobody can see, and no longer than a line. */
const inWords = (address: string) => {
  const words = /\p{Cc}/u.test(decode(address)) ? address : decode(address)
  return words.replace(/^(.{160}).{20,}$/s, '$1…')
}

/** Verifies what stands after the `#`, which browsers compare letter by letter; ids are in NFC. */
function anchor(
  fragment: string,
  target: LinkedDocument | undefined,
  say: (severity: 'warning', message: string) => void,
): string {
  if (!target || fragment === '') return fragment
  const [, name = '', directive = ''] = /^#?(.*?)(:~:.*)?$/s.exec(fragment) ?? []
  const id = decode(name)
  if (EVERYWHERE.has(id.toLowerCase()) || target.ids.includes(name)) return fragment
  if (target.ids.includes(id)) {
    const isExact = !/%/.test(name) ? name === id : safelyDecoded(name) === id
    return isExact ? fragment : `#${encodeURIComponent(id)}${directive}`
  }
  const near = closest(id.toLowerCase(), target.ids)
  const remedy = near
    ? `Write #${near}.`
    : target.ids.length > 0
      ? `It has ${listed(target.ids)}.`
      : 'It has no headings; remove the #.'
  say('warning', `there is no #${id} in ${target.file}. ${remedy}`)
  return fragment
}

const listed = (ids: string[]) =>
  ids
    .slice(0, 5)
    .map((id) => `#${id}`)
    .join(', ') + (ids.length > 5 ? ' …' : '')
