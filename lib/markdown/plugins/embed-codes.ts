import type { Element, ElementContent, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { isListed, listName, readEmbed, webAddress } from '../media/providers'
import { classes, element, elements, foundIn, lineOf, onlyChild, text } from '../tree'

/** Scripts that are part of embed codes. The cards do not need them. */
const WIDGETS =
  /^(?:https?:)?\/\/(?:platform\.(?:twitter|x)\.com\/widgets\.js|player\.vimeo\.com\/api\/player\.js|embed\.bsky\.app\/static\/embed\.js|[\w.-]+\.codepen\.io\/assets\/embed\/\w+\.js|[\w.-]+\/embed\.js)/

/**
 * Turns pasted embed codes (frames, scripts of gists, quoted posts, pens) into links, of which `embeds` makes cards. It runs before
 * sanitising, which would remove them. A frame of a host that is not listed becomes a plain link, with a warning.
 */
export function embedCodes() {
  return (tree: Root, file: VFile) => {
    const walk = (parent: Root | Element) => {
      const children = parent.children as ElementContent[]
      for (let index = 0; index < children.length; index++) {
        const child = children[index]
        if (child?.type !== 'element') continue
        const link = fromFrame(child, file, parent) ?? fromScript(child) ?? fromQuotation(child)
        if (!link) walk(child)
        else if (link === 'gone') children.splice(index--, 1)
        else children[index] = link.position || !child.position ? link : { ...link, position: child.position }
      }
    }
    walk(tree)
  }
}

const embedLink = (href: string, title: string, children: ElementContent[] = []) =>
  element('a', { className: ['embed'], href, ...(title ? { title } : {}) }, children)

function fromFrame(node: Element, file: VFile, parent: Root | Element): Element | 'gone' | undefined {
  // Vimeo's code has a `<div>` around the frame that keeps its ratio.
  if (node.tagName === 'div' && onlyChild(node)?.tagName === 'iframe' && node.properties.style)
    return fromFrame(onlyChild(node) as Element, file, parent)
  if (node.tagName !== 'iframe') return undefined
  const { src, title = '' } = node.properties
  const embed = readEmbed(src, true)
  if (embed) return embedLink(embed.address, /^YouTube video player$/i.test(String(title)) ? '' : String(title))
  const url = webAddress(src)
  const reason = !url
    ? 'It has no address on the web.'
    : isListed(url)
      ? `There is nothing at ${url.href} that we know how to show. Take the address of one video, post, pen or gist.`
      : `To allow ${listName(url.hostname)}, write '${listName(url.hostname)}' into "embeds" in site.config.ts.`
  foundIn(file).problems.push({
    line: lineOf(node),
    severity: 'warning',
    message: `an <iframe>${url ? ` of ${listName(url.hostname)} becomes a link` : ' is left out'}. ${reason}`,
  })
  if (!url) return 'gone'
  const link = element('a', { href: url.href }, [text(String(title) || url.href)])
  return parent.type === 'root' || /^(div|figure|section|center|details)$/.test(parent.tagName)
    ? element('p', {}, [link])
    : link
}

function fromScript({ tagName, properties: { src } }: Element): Element | 'gone' | undefined {
  if (tagName !== 'script' || typeof src !== 'string') return undefined
  const url = webAddress(src)
  const gist = url?.hostname === 'gist.github.com' ? readEmbed(src) : undefined
  if (gist) return embedLink(gist.address, '')
  return WIDGETS.test(src) ? 'gone' : undefined
}

function fromQuotation(node: Element): Element | undefined {
  const kind = classes(node).find((name) =>
    /^(twitter-tweet|twitter-video|mastodon-embed|bluesky-embed|codepen)$/.test(name),
  )
  if (!kind) return undefined
  const links: Element[] = []
  elements(node, (one) => {
    if (one.tagName === 'a') links.push(one)
  })
  // A post may contain a link to another post; the link to itself is the last one.
  const own = links.findLast((link) => readEmbed(link.properties.href))
  const embed = readEmbed(own?.properties.href)
  if (!embed) return undefined
  if (kind === 'codepen') return embedLink(embed.address, own ? textOf(own).trim() : '')
  const hasWords = node.children.some((child) => child.type === 'element' && child.tagName === 'p')
  return embedLink(embed.address, '', hasWords ? [element('blockquote', {}, node.children)] : [])
}
