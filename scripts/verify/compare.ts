import { randomBytes } from 'node:crypto'
import { guesses } from './addresses'
import { type Answer, type Asked, ask, inParallel, makeVariants, plain } from './ask'
import { newWord } from './canaries'
import type { Server } from './copy'
import { settled, withoutNonce } from './settle'
import { asEditor, chiefOf, type Hit, isCommon, isMain, type Point, pairs, type Site } from './site'

/** 3. The address of a draft and an invented address of the same length get the same answer, apart from the address in it. */
export async function compare(
  site: Site,
  { port }: Server,
  headers: Record<string, string>,
  who: string,
): Promise<Point> {
  const hits: Hit[] = []
  let pairsAsked = 0
  const hidden = site.canaries.filter(({ status }) => status !== 'published' && status !== 'unlisted')
  for (const canary of hidden) {
    const secrets = canary.words
      .map((word) => word.bytes.toString('latin1'))
      .filter((word) => /^[\da-z]{12,14}$/.test(word))
    const invented = secrets.map((word) => (word.length === 12 ? randomBytes(6).toString('hex') : newWord()))
    const other = (text: string) => secrets.reduce((all, word, at) => all.replaceAll(word, invented[at] ?? ''), text)
    const back = (text: string) => invented.reduce((all, word, at) => all.replaceAll(word, secrets[at] ?? ''), text)
    // The shared category and series are public addresses, and have feeds.
    const lists = [`/blog/${canary.category}`, `/series/${canary.series}`]
    const shared = lists.flatMap((list) => [list, `${list}/feed.xml`])
    const addresses = guesses(canary).filter(
      (address) =>
        other(address) !== address &&
        !(canary.shares && shared.includes(address)) &&
        !(headers.Cookie && !isMain(address)),
    )
    const most = makeVariants(site.segments, 'draft', false)
    const close = site.extent === 'all' || canary === chiefOf(site)
    const work = addresses.flatMap((address) =>
      pairs(
        address,
        isMain(address) ? (close ? most : most.filter(isCommon)) : close ? most.filter(isCommon) : [plain],
      ),
    )
    await inParallel(work, async ([address, variant]) => {
      const request = variant.of(address)
      const asWho = (one: Asked) => (headers.Cookie ? asEditor(one, headers.Cookie) : one)
      const compare = async () => {
        const real = await ask(port, asWho(request))
        const never = await ask(port, asWho(variant.of(other(address))))
        return differs(real, never, back)
      }
      pairsAsked++
      // React sometimes sends a page in two pieces. A real difference is there each time.
      let difference = await compare()
      for (let again = 0; difference && again < 3; again++) difference = await compare()
      if (difference)
        hits.push({
          place: `${address} (${variant.name}, ${who})`,
          what: `${difference}, compared with an invented address`,
        })
    })
  }
  return { point: 3, name: 'real and invented addresses', counts: { pairs: pairsAsked }, hits }
}

function differs(real: Answer, never: Answer, back: (text: string) => string): string | undefined {
  if (real.before && never.before) {
    const difference = differs(real.before, never.before, back)
    if (difference) return difference
  }
  if (real.status !== never.status) return `answers ${real.status}, not ${never.status}`
  for (const name of new Set([...Object.keys(real.headers), ...Object.keys(never.headers)])) {
    if (['date', 'x-request-id', 'server-timing'].includes(name)) continue
    const [one, other] = [real, never].map((answer) => withoutNonce(answer.headers[name] ?? 'missing', answer))
    if (one !== back(other ?? '')) return `its header ${name} is "${one}", not "${other}"`
  }
  const [one, other] = [settled(real), back(settled(never))]
  if (one === other) return undefined
  const at = [...one].findIndex((letter, index) => letter !== other[index])
  return `its body is "${one.slice(at - 40, at + 40)}", not "${other.slice(at - 40, at + 40)}"`
}
