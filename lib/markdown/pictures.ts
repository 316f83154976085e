import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path, { relative, sep } from 'node:path'
import type { Element, Root } from 'hast'
import sharp from 'sharp'
import type { VFile } from 'vfile'
import { contentDir } from '../content/paths'
import { element, elements, foundIn, lineOf } from './tree'

/** A picture in a document. `file` is absolute; `stamp` tells whether it has changed; a missing file has no size. */
export type Picture = { file: string; stamp: string; src: string; width?: number; height?: number }

/** @returns something that differs when the file does; empty when there is no such file. */
export function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat?.isFile() ? `${stat.size}-${Math.round(stat.mtimeMs)}` : ''
}

/**
 * Finds a local picture and its size in pixels.
 *
 * @param source as it is written: `./shot.png`, `shot.png`, or `/images/shot.png` for one in `public/`.
 * @param folder the folder of the document.
 * @returns nothing for a picture elsewhere on the web. A picture beside a document is served at
 * `/media/<hash>/<name>`, so that it can be cached for good.
 */
export async function findPicture(source: string, folder: string): Promise<Picture | undefined> {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(source)) return undefined
  const name = safelyDecoded(source.replace(/[?#].*$/, ''))
  const isPublic = name.startsWith('/')
  const file = path.resolve(isPublic ? path.join('public', name) : path.join(folder, name))
  const found = stamp(file)
  if (!found) return { file, stamp: '', src: source }
  const bytes = readFileSync(file)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const src = isPublic ? source : `/media/${hash}/${encodeURIComponent(path.basename(file))}`
  const { width, height, orientation } = await sharp(bytes)
    .metadata()
    .catch(() => ({ width: undefined, height: undefined, orientation: 1 }))
  if (!width || !height) return { file, stamp: found, src }
  return {
    file,
    stamp: found,
    src,
    ...((orientation ?? 1) >= 5 ? { width: height, height: width } : { width, height }),
  }
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Gives local pictures their size; a picture alone in its paragraph becomes a figure with its title as caption. */
export function pictures() {
  return async (tree: Root, file: VFile) => {
    const found = foundIn(file)
    const images: Element[] = []
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'img') images.push(node)
      if (node.tagName !== 'p') return
      const only = node.children.filter((child) => child.type !== 'text' || child.value.trim())
      const image = only[0]
      if (only.length !== 1 || image?.type !== 'element' || image.tagName !== 'img') return
      const { title } = image.properties
      delete image.properties.title
      const caption = title ? [element('figcaption', {}, [{ type: 'text', value: String(title) }])] : []
      parent.children[index] = element('figure', {}, [image, ...caption])
    })
    for (const [index, image] of images.entries()) {
      const src = String(image.properties.src ?? '')
      const line = lineOf(image)
      if (image.properties.alt === undefined) {
        found.problems.push({
          line,
          severity: 'warning',
          message: `the picture ${src} has no description. Write one between the brackets: ![what it shows](${src}).`,
        })
        image.properties.alt = ''
      }
      const picture = await findPicture(src, found.folder)
      Object.assign(
        image.properties,
        { decoding: 'async' },
        index === 0 ? { fetchPriority: 'high' } : { loading: 'lazy' },
      )
      if (!picture) {
        image.properties.referrerPolicy = 'no-referrer'
        continue
      }
      found.pictures.push(picture)
      if (!picture.stamp) found.problems.push({ line, severity: 'error', message: missing(src, picture) })
      image.properties.src = picture.src
      if (picture.width) Object.assign(image.properties, { width: picture.width, height: picture.height })
    }
  }
}

/** What is said of a picture that is not there. */
export function missing(source: string, picture: Picture) {
  const inContent = relative(contentDir, picture.file)
  const place = inContent.startsWith('..') ? relative('.', picture.file) : `content/${inContent}`
  return `there is no picture ${source}. Put it at ${place.split(sep).join('/')}, or mend the name.`
}
