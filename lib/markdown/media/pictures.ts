import { relative, sep } from 'node:path'
import type { Element, ElementContent, Root } from 'hast'
import type { VFile } from 'vfile'
import { hasOddHost } from '../../site/host.mjs'
import { readSrcset, writeSrcset } from '../../site/srcset.mjs'
import { contentDir } from '../../store/paths'
import type { Cover, Media } from '../../store/types'
import { reasonAgainst } from '../plugins/hosts'
import { classes, element, elements, type Found, foundIn, lineOf, text } from '../tree'
import {
  attach,
  fragmentOf,
  isAudio,
  isOwn,
  isVideo,
  locate,
  openOriginal,
  served,
  stamp,
  whyNoFile,
  whyNotOwn,
} from './media'
import type { Room, Variants } from './variants'

/** A local picture. `made` is missing when the file is missing, or is not a picture. */
export type Picture = Media & { made?: Variants; width?: number; height?: number }

/**
 * Finds a local picture and makes its files.
 *
 * @param source as the author wrote it: `./shot.png`, `shot.png`, or `/images/shot.png` for a file in `public/`.
 * @param folder the folder of the document.
 * @returns undefined for a picture on another site. The address, `/media/<hash>/<name>`, changes with the bytes of the picture.
 */
async function findPicture(source: string, folder: string, room: Room): Promise<Picture | undefined> {
  const file = locate(source, folder)
  if (!file) return undefined
  const original = await openOriginal(file, 'shown')
  if (!original) return { file, stamp: '', src: source, kept: [] }
  const { variants, endingsOf } = await import('./variants')
  try {
    const made = await variants(original, room)
    const kept = endingsOf(made).map((ending) => served(original, ending))
    const src = `${kept[0]?.src}${fragmentOf(source)}`
    return { file, stamp: original.stamp, src, kept, made, width: made.width, height: made.height }
  } catch (error) {
    // An error with a code is of the system, such as a full disk, and not of the picture.
    if ((error as NodeJS.ErrnoException).code) throw error
    return { file, stamp: original.stamp, src: source, kept: [] }
  }
}

/** The place of an image in the tree, and the width it may fill. */
type Place = { node: Element; parent: Root | Element; room: Room; isInPicture: boolean }

/**
 * Prepares the pictures, films and sounds of a document. Local pictures get several sizes and formats, and their width and height, so
 * that nothing moves when they load. `![](./film.mp4)` becomes a player. A picture or film alone in its paragraph becomes a figure, with
 * its title as the caption.
 */
export function pictures() {
  return async (tree: Root, file: VFile) => {
    const found = foundIn(file)
    checkDescriptions(tree, file, found)
    elements(tree, (node) => {
      if (node.tagName === 'img' && isFilm(node)) setFilm(node)
    })
    setFigures(tree)
    const images: Place[] = []
    const others: Element[] = []
    const walk = (parent: Root | Element, room: Room, isInPicture: boolean) => {
      for (const node of parent.children) {
        if (node.type !== 'element') continue
        if (node.tagName === 'img') images.push({ node, parent, room, isInPicture })
        else if (/^(video|audio|source|track)$/.test(node.tagName)) others.push(node)
        walk(node, classes(node).includes('wide') ? 'wide' : room, isInPicture || node.tagName === 'picture')
      }
    }
    walk(tree, 'column', false)
    for (const [index, place] of images.entries()) await setImage(place, index === 0, found)
    for (const node of others) await setSources(node, found)
  }
}

const sourceOf = (node: Element) => String(node.properties.src ?? '')
const isFilm = (node: Element) => isVideo(sourceOf(node)) || isAudio(sourceOf(node))

function checkDescriptions(tree: Root, file: VFile, found: Found) {
  const source = String(file.value)
  elements(tree, (node) => {
    const { alt } = node.properties
    if (node.tagName !== 'img' || (typeof alt === 'string' && alt.trim())) return
    // An author who writes alt="" in HTML means decoration.
    const isHtml = source[node.position?.start.offset ?? -1] === '<'
    if (alt !== undefined && isHtml) return
    const [src, kind] = [sourceOf(node), isFilm(node) ? 'film or sound' : 'picture']
    const remedy = isHtml
      ? `alt="what it shows", or alt="" for decoration`
      : `it between the brackets: ![what it shows](${src})`
    const effect = alt === undefined ? '' : ', and is counted as decoration'
    found.problems.push({
      line: lineOf(node),
      severity: 'warning',
      message: `the ${kind} ${src} has no description${effect}. Write ${remedy}.`,
    })
    node.properties.alt = ''
  })
}

/** Turns an image into a player. `setSources` finds its file later. */
function setFilm(node: Element) {
  const { src, alt, title } = node.properties
  const isFilmed = isVideo(String(src))
  // A film on another site is not loaded before a reader starts it.
  const preload = locate(String(src), '/') ? 'metadata' : 'none'
  node.tagName = isFilmed ? 'video' : 'audio'
  node.properties = {
    src: String(src),
    controls: true,
    preload,
    ...(isFilmed ? { playsInline: true } : {}),
    ...(alt ? { ariaLabel: String(alt) } : {}),
    ...(title ? { title: String(title) } : {}),
  }
  node.children = [element('a', { href: String(src) }, [text(String(alt || src))])]
}

/** A picture or player alone in its paragraph becomes a figure. `{.wide}` after it makes it wider than the text. */
function setFigures(tree: Root) {
  elements(tree, (node, parent, index) => {
    if (node.tagName !== 'p') return
    const [first, second, third] = node.children.filter((child) => child.type !== 'text' || child.value.trim())
    const isWide = second?.type === 'text' && /^\s*\{\s*\.wide\s*\}\s*$/.test(second.value)
    if (first?.type !== 'element' || (second && !isWide) || third) return
    const inLink = first.tagName === 'a' && first.children.length === 1 ? first.children[0] : first
    if (inLink?.type !== 'element' || !/^(img|video|audio|picture)$/.test(inLink.tagName)) return
    const shown = inLink.tagName === 'picture' ? inLink.children.findLast(isImage) : inLink
    if (shown?.type !== 'element') return
    const { title } = shown.properties
    delete shown.properties.title
    const caption = title ? [element('figcaption', {}, [text(String(title))])] : []
    parent.children[index] = element('figure', isWide ? { className: ['wide'] } : {}, [first, ...caption])
  })
}

const isImage = (node: ElementContent) => node.type === 'element' && node.tagName === 'img'

async function setImage({ node, parent, room, isInPicture }: Place, isFirst: boolean, found: Found) {
  const src = sourceOf(node)
  const picture = await findPicture(src, found.folder, room)
  Object.assign(node.properties, { decoding: 'async' })
  if (!picture) {
    Object.assign(node.properties, { loading: 'lazy', referrerPolicy: 'no-referrer' })
    return
  }
  Object.assign(node.properties, isFirst ? { fetchPriority: 'high' } : { loading: 'lazy' })
  note(picture, src, lineOf(node), found)
  const { made } = picture
  if (!made) return
  node.properties.src = picture.src
  const shown = setSize(node, made)
  if (made.colour) setStyle(node, `background-color:${made.colour}`)
  const address = new Map(picture.kept.map((one) => [one.file.slice(32), one.src]))
  const sources = made.sources.map(({ type, files }) =>
    element(
      'source',
      {
        type,
        srcSet: files.map(({ ending, width }) => `${address.get(ending)} ${width}w`).join(', '),
        sizes: sizes(shown, room),
      },
      [],
    ),
  )
  if (made.still)
    sources.push(
      element('source', { media: '(prefers-reduced-motion: reduce)', srcSet: address.get(made.still) ?? '' }, []),
    )
  if (sources.length > 0 && !isInPicture)
    parent.children[parent.children.indexOf(node)] = element('picture', {}, [...sources, node])
}

/**
 * Gives an image the size of its file, or the size that the author wrote, with the ratio of the file.
 *
 * @returns the width on a large screen, in CSS pixels.
 */
function setSize(node: Element, { width, height }: Variants): number {
  const [givenWidth, givenHeight] = [node.properties.width, node.properties.height].map((value) => String(value ?? ''))
  const share = /^\d{1,2}(\.\d+)?%$/.exec(givenWidth ?? '')?.[0]
  if (share) setStyle(node, `width:${share}`)
  const pixels = (value = '') => (/^\d+(px)?$/.test(value) && Number.parseInt(value, 10)) || undefined
  const high = pixels(givenHeight)
  const shown = pixels(givenWidth) ?? (high && !share ? Math.round((high * width) / height) : width)
  Object.assign(node.properties, { width: shown, height: Math.max(1, Math.round((shown * height) / width)) })
  return shown
}

function setStyle(node: Element, rule: string) {
  const { style } = node.properties
  node.properties.style = typeof style === 'string' ? `${style};${rule}` : rule
}

/** The `sizes` attribute, with the widths of app/globals.css: the column is 37.5rem, the sheet 62rem, each margin 1.25rem. */
function sizes(shown: number, room: Room): string {
  const most = room === 'wide' ? 992 : 600
  const width = Math.min(shown, most)
  return `(min-width: ${width + 40}px) ${width}px, calc(100vw - 40px)`
}

/** Replaces local addresses of films, sounds, subtitles, posters, and of `<source>` in raw HTML. */
async function setSources(node: Element, found: Found) {
  const { src, poster, srcSet } = node.properties
  const line = lineOf(node)
  if (typeof src === 'string') {
    const film = await attach(src, found.folder)
    if (film) {
      note(film, src, line, found)
      node.properties.src = film.src
      const [link] = node.children
      if (link?.type === 'element' && link.properties.href === src) link.properties.href = film.src
    } else {
      const file = locate(src, found.folder)
      if (file && !(stamp(file) && isOwn(file))) note({ file, stamp: '', src, kept: [] }, src, line, found)
    }
  }
  if (typeof poster === 'string') node.properties.poster = await pictureAt(poster, line, found)
  if (typeof srcSet === 'string') {
    const set = readSrcset(srcSet).map(async (candidate) => ({
      ...candidate,
      address: await pictureAt(candidate.address, line, found),
    }))
    node.properties.srcSet = writeSrcset(await Promise.all(set))
  }
}

async function pictureAt(source: string, line: number, found: Found): Promise<string> {
  const picture = await findPicture(source, found.folder, 'column')
  if (picture) note(picture, source, line, found)
  return picture?.src ?? source
}

/** Adds a file to the files of the document, and its problem to the problems. */
function note(media: Picture, source: string, line: number, found: Found, field?: string) {
  const { made: _made, width: _width, height: _height, ...rest } = media
  found.pictures.push(rest)
  const problem = problemOf(media, source)
  if (problem) found.problems.push({ line, severity: 'error', message: problem, ...(field ? { field } : {}) })
}

/** @returns the problem with a file that is missing or is not a picture; undefined when there is none. */
function problemOf({ file, stamp, kept }: Media, source: string): string | undefined {
  const why = whyNotOwn(file)
  if (why) return `${source} ${why}`
  if (!stamp) {
    const inContent = relative(contentDir, file)
    const place = inContent.startsWith('..') ? relative('.', file) : `content/${inContent}`
    const why = whyNoFile(file)
    if (why) return `${inWords(source)} ${why}. Write the name of one that can be read.`
    const kind = isVideo(source) ? 'film' : isAudio(source) ? 'sound' : 'picture'
    return `there is no ${kind} ${source}. Put it at ${place.split(sep).join('/')}, or mend the name.`
  }
  return kept.length > 0
    ? undefined
    : `${source} is not a picture that can be read. Save it anew as JPEG, PNG, WebP, AVIF, GIF or SVG.`
}

/** Shortens a name for a message. Control characters are percent-encoded, so that they can be seen. */
const inWords = (source: string) => source.replace(/\p{Cc}/gu, encodeURIComponent).replace(/^(.{60}).{20,}$/s, '$1…')

/** Finds the picture in the `images` of the front matter: for the head of the post, for lists, and for other sites. */
export async function findCover(source: string, found: Found): Promise<Cover | undefined> {
  const picture = await findPicture(source, found.folder, 'cover')
  if (!picture && hasOddHost(source))
    found.problems.push({ line: 1, severity: 'warning', field: 'images', message: reasonAgainst(source) })
  if (!picture) return undefined
  note(picture, source, 1, found, 'images')
  const { src, made, kept } = picture
  const [, small] = kept
  return { src, ...(made ? { width: made.width, height: made.height } : {}), ...(small ? { small: small.src } : {}) }
}
