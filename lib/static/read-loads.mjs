// Finds the addresses that an element loads, by directive of the policy, and refuses elements and handlers that no page may have.
import { hashOf } from '../server/policies.mjs'
import { never } from '../site/elements.mjs'
import { originOf } from '../site/host.mjs'
import { readSrcset } from '../site/srcset.mjs'
import { attribute, kindsOf } from './parse-page.mjs'
import { loadsOf } from './strip-css.mjs'

/**
 * The attributes that load something, by element, each with its directive of the policy.
 *
 * @type {Record<string, [directive: string, ...attributes: string[]][]>}
 */
const LOADS = {
  img: [['img-src', 'src', 'srcset']],
  image: [['img-src', 'href', 'xlink:href']],
  feImage: [['img-src', 'href', 'xlink:href']],
  input: [
    ['img-src', 'src'],
    ['form-action', 'formaction'],
  ],
  video: [
    ['media-src', 'src'],
    ['img-src', 'poster'],
  ],
  audio: [['media-src', 'src']],
  track: [['media-src', 'src']],
  iframe: [['frame-src', 'src']],
  figure: [['frame-src', 'data-frame']],
  'post-comments': [['frame-src', 'data-frame']],
  form: [['form-action', 'action']],
  button: [['form-action', 'formaction']],
}

/**
 * The directive of a preload, by its `as`.
 *
 * @type {Record<string, string>}
 */
const PRELOADS = { font: 'font-src', image: 'img-src', script: 'script-src', video: 'media-src' }

/**
 * Adds to `page` the addresses that an element loads, and its problems.
 *
 * @param {import('./parse-page.mjs').PageElement} node
 * @param {import('./parse-page.mjs').PageNode} parent
 * @param {import('./read-page.mjs').Page} page
 * @param {boolean} inText whether it is in the text of a post.
 */
export function readLoads(node, parent, page, inText) {
  const remedy = never.get(node.tagName)
  if (remedy) page.problems.push(`no page may have <${node.tagName}>. ${remedy}`)
  const style = attribute(node, 'style')
  if (style && !inText) page.hashes.attribute.add(hashOf(style))
  for (const [directive, address] of loadsOf(style ?? '', false)) page.loads(directive, address)
  const handler = node.attrs.find(({ name }) => /^on[a-z]/.test(name) && !node.tagName.includes('-'))
  if (handler) page.problems.push(`<${node.tagName}> has ${handler.name}="…". Write it in a script or a custom element`)
  /** @type {(directive: string, name: string) => void} */
  const load = (directive, name) => {
    const value = attribute(node, name)
    if (value === undefined) return
    if (inText && directive === 'script-src' && originOf(value))
      page.problems.push(
        `its text asks for a script of ${originOf(value)}. Put scripts into app/layout.tsx or a component`,
      )
    const addresses = name === 'srcset' ? readSrcset(value).map(({ address }) => address) : [value]
    for (const address of addresses) page.loads(directive, address)
  }
  for (const [directive, ...names] of LOADS[node.tagName] ?? []) for (const name of names) load(directive, name)
  if (node.tagName === 'source') {
    const directive = parent.tagName === 'picture' ? 'img-src' : 'media-src'
    for (const name of ['src', 'srcset']) load(directive, name)
  }
  if (node.tagName === 'link') {
    const kinds = kindsOf(node)
    if (kinds.some((kind) => /icon$/.test(kind))) load('img-src', 'href')
    if (kinds.includes('manifest')) load('manifest-src', 'href')
    if (kinds.includes('modulepreload')) load('script-src', 'href')
    const directive = kinds.includes('preload') && PRELOADS[attribute(node, 'as') ?? '']
    if (directive) load(directive, 'href')
  }
}
