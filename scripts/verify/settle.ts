import type { Element, Nodes } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { toString as textOf } from 'hast-util-to-string'
import { sharp } from '../../lib/markdown/media/sharp'
import type { Answer } from './ask'
import { isText, unpack } from './unpack'

/** The parts of a build that do not come from the content: its id, its hashed file names, and the time when it began. */
export type Build = { id: string; names: string[]; since: number }

/** Every element of a document. */
function* elementsOf(node: Nodes): Generator<Element> {
  if (node.type === 'element') yield node
  if ('children' in node) for (const child of node.children) yield* elementsOf(child)
  if (node.type === 'element' && node.content) yield* elementsOf(node.content)
}

/** The nonce of a policy (CSP3 §2.3.1), if it has one. */
const nonceOf = (policy = '') =>
  policy
    .split(/[;\s]+/)
    .find((source) => source.startsWith("'nonce-"))
    ?.slice("'nonce-".length, -1)

/** A text of an answer, without the nonce of the answer. */
export function withoutNonce(text: string, { headers }: Answer): string {
  const nonce = nonceOf(headers['content-security-policy'])
  return nonce ? text.replaceAll(nonce, '(nonce)') : text
}

const lines = (payload: string) => payload.split('\n').sort().join('\n')
/** A payload without the ids of the request, which React gets as keys. */
const withoutKeys = (payload: string) => payload.replace(/"[\w-]{21}([vm])"/g, '"(number)$1"')

/**
 * A body without the parts that differ between two requests for the same address: the nonce, the id of the request, and the order of the
 * lines of a payload.
 */
export function settled(answer: Answer): string {
  const text = withoutNonce(answer.body.toString('latin1'), answer)
  const type = answer.headers['content-type'] ?? ''
  if (type.startsWith('text/x-component')) return lines(withoutKeys(text))
  return type.startsWith('text/html') ? settledPage(text) : text
}

/** A page with the parts of its payload joined and the lines of the payload sorted. */
function settledPage(html: string): string {
  const start = 'self.__next_f.push([1,'
  if (!html.includes(start)) return html
  const parts: string[] = []
  let payload = ''
  let from = 0
  for (const one of elementsOf(fromHtml(html))) {
    const script = one.tagName === 'script' ? textOf(one) : ''
    const [begin, end] = [one.position?.start.offset, one.position?.end.offset]
    if (!script.startsWith(start) || !script.endsWith('])') || begin === undefined || end === undefined) continue
    parts.push(html.slice(from, begin))
    payload += JSON.parse(script.slice(start.length, -2))
    from = end
  }
  return `${parts.join('')}${html.slice(from)}\n${lines(withoutKeys(payload))}`
}

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
/** Times as in ISO 8601, RFC 9110 and RFC 5322, and as seconds or milliseconds since 1970. */
const MOMENTS = [
  /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g,
  new RegExp(
    `(?:[A-Z][a-z]{2}, )?\\d{1,2} ${MONTH} \\d{4} \\d\\d:\\d\\d(?::\\d\\d)?(?: GMT| UTC| Z| [+-]\\d{4})?`,
    'g',
  ),
  /(?<![\w.-])1\d{9}(?:\d{3})?(?![\w-])/g,
]

/** A text in which every time since the run began is replaced. Other times stay, because a draft may have brought them. */
export function withoutNow(text: string, since: number): string {
  return MOMENTS.reduce(
    (all, form) =>
      all.replace(form, (moment) => {
        const number = Number(moment)
        const at = Number.isNaN(number) ? Date.parse(moment) : moment.length > 11 ? number : number * 1000
        return at >= since - 61_000 && at <= Date.now() + 61_000 ? '(now)' : moment
      }),
    text,
  )
}

/** A text without the parts that belong to the build and not to the content. */
export function withoutBuild(text: string, { id, names, since }: Build): string {
  let plain = text.replaceAll(id, '(build)')
  for (const name of names) plain = plain.replaceAll(name, '(name)')
  return withoutNow(plain, since)
}

/** @returns the first place where two texts differ, for the report; undefined when they are equal. */
export function firstDifference(one: string, other: string): string | undefined {
  if (one === other) return undefined
  let at = 0
  while (one[at] === other[at]) at++
  const stretch = (text: string) =>
    JSON.stringify(text.slice(Math.max(0, at - 30), at + 50).replace(/[^\x20-\x7e]+/g, '·'))
  return `${stretch(one)}, not ${stretch(other)}`
}

/** Compares a file or a body of two builds: its text, the text in archives and compressed data, and pictures by their pixels. */
export async function differenceOf(
  [one, other]: [Buffer, Buffer],
  [first, second]: [Build, Build],
  { hint = '', isPage = false }: { hint?: string; isPage?: boolean } = {},
): Promise<string | undefined> {
  if (one.equals(other)) return undefined
  const shown = await pixelsOf(one, other)
  if (shown?.different) return `a picture that shows something else: ${shown.different} of ${shown.all} points`
  const plain = (bytes: Buffer, build: Build) => {
    const text = withoutBuild(bytes.toString('latin1'), build)
    return isPage ? settledPage(text) : text
  }
  const difference = firstDifference(plain(one, first), plain(other, second))
  if (!difference) return undefined
  if (isText(one) || isText(other)) return difference
  const [inOne, inOther] = [unpack(one, hint).layers, unpack(other, hint).layers].map((layers) =>
    layers.filter(({ how }) => /gzip|zlib|deflate|brotli|zstd|ZIP/.test(how)),
  )
  if (!inOne?.length || !inOther?.length) return difference
  // Equal texts may be compressed to other bytes.
  const all = (layers: typeof inOne, build: Build) =>
    layers.map(({ how, bytes }) => `${how}: ${plain(bytes, build)}`).join('\n')
  const inside = firstDifference(all(inOne, first), all(inOther, second))
  return inside && `inside (${inOne[0]?.how}) ${inside}`
}

async function pixelsOf(one: Buffer, other: Buffer): Promise<{ different: number; all: number } | undefined> {
  const isPicture = (bytes: Buffer) =>
    /^(89504e47|ffd8ff|474946|52494646|.{8}66747970(61766966|68656963|6d696631))/.test(
      bytes.subarray(0, 12).toString('hex'),
    )
  if (!isPicture(one) || !isPicture(other)) return undefined
  try {
    const [a, b] = await Promise.all(
      [one, other].map((bytes) => sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })),
    )
    if (!a || !b) return undefined
    const all = a.info.width * a.info.height
    if (a.info.width !== b.info.width || a.info.height !== b.info.height) return { different: all, all }
    let different = 0
    for (let at = 0; at < a.data.length; at += 4) if (a.data.readUInt32BE(at) !== b.data.readUInt32BE(at)) different++
    return { different, all }
  } catch {
    return undefined
  }
}
