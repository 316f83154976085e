/**
 * Cards for videos, posts and pens on other sites. A card is plain HTML with a link. components/reader.ts adds a button, and the other
 * site gets no request before a reader presses it.
 */
import type { Element, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { type Embed, isListed, type Kind, listName, readEmbed, webAddress } from '../media/providers'
import { classes, element, elements, foundIn, lineOf, onlyChild, type Parent, text } from '../tree'
import { embedCodes } from './embed-codes'

const isEmbedLink = (node: Element) => node.tagName === 'a' && classes(node).includes('embed')

/** Makes cards of `::embed`, `<Embed>`, an address alone in its paragraph, and the links that `embedCodes` makes. */
export function embeds() {
  const takeCodes = embedCodes()
  return (tree: Root, file: VFile) => {
    takeCodes(tree, file)
    const places: { node: Element; parent: Parent; index: number }[] = []
    const inParagraphs = new Set<unknown>()
    elements(tree, (node, parent, index) => {
      const only = node.tagName === 'p' ? onlyChild(node) : undefined
      if (only?.tagName === 'a' && (isEmbedLink(only) || isBare(only))) {
        places.push({ node: only, parent, index })
        inParagraphs.add(only)
      } else if (isEmbedLink(node) && !inParagraphs.has(node)) places.push({ node, parent, index })
    })
    for (const { node, parent, index } of places) {
      const isAsked = isEmbedLink(node)
      const { href } = node.properties
      const quote = node.children.find(
        (child): child is Element => child.type === 'element' && child.tagName === 'blockquote',
      )
      const embed = readEmbed(href, isAsked)
      const isInLine = (parent as Partial<Element>).tagName === 'p' && !inParagraphs.has(node)
      if (embed && !isInLine) {
        const said = String(node.properties.title ?? (quote || isBare(node) ? '' : textOf(node))).trim()
        parent.children[index] = card(embed, said || embed.title, quote, node)
      } else if (isAsked) {
        warn(file, node, isInLine ? 'stands in a line with other words' : reasonAgainst(href))
        delete node.properties.className
        if (node.children.length === 0) node.children.push(text(String(href)))
        if (!isInLine) parent.children[index] = element('p', {}, [node])
      }
    }
  }
}

function warn(file: VFile, node: Element, reason: string) {
  foundIn(file).problems.push({
    line: lineOf(node),
    severity: 'warning',
    message: `what is to be embedded stays a link: ${String(node.properties.href)} ${reason}.`,
  })
}

function reasonAgainst(address: unknown): string {
  const url = webAddress(address)
  if (!url) return 'is not an address. Write one that begins with https://'
  if (isListed(url)) return 'has nothing that we know how to show. Take the address of one video, post, pen or gist'
  return `is at a host that is not allowed. Write '${listName(url.hostname)}' into "embeds" in site.config.ts to allow it`
}

/** @returns whether a link shows nothing but its own address. */
function isBare(link: Element): boolean {
  const { href, title } = link.properties
  const shown = textOf(link)
  return !title && /^https?:\/\//.test(shown) && (shown === href || webAddress(shown)?.href === webAddress(href)?.href)
}

const VERB: Record<Kind, string> = {
  video: 'Watch it on',
  tall: 'Watch it on',
  post: 'Read it on',
  code: 'See it on',
  page: 'Open it at',
}

function card({ provider, kind, frame, address }: Embed, title: string, quote: Element | undefined, from: Element) {
  const link = element('a', { href: address }, [text(`${VERB[kind]} ${provider}`)])
  if (from.position) link.position = from.position
  const className = ['embed', `embed-${kind}`]
  const figure = element(
    'figure',
    { className, dataFrame: frame, dataHost: new URL(frame).host.replace(/^www\./, '') },
    [
      element('div', { className: ['embed-body'] }, [
        element('p', { className: ['embed-provider'] }, [text(provider)]),
        element('p', { className: ['embed-title'] }, [text(title)]),
        ...(quote ? [quote] : []),
      ]),
      element('figcaption', {}, [link]),
    ],
  )
  return from.position ? { ...figure, position: from.position } : figure
}
