import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { OutputInfo, Sharp } from 'sharp'
import { pictureFile } from '../../store/paths'
import { replaceFile } from '../../store/write'
import { inTurn, keepCopy, type Original } from './media'
import { sharp } from './sharp'
import { safeSvg } from './svg'

/** The place of a picture: in the column of text, wider than the column, or on a social card. */
export type Room = 'column' | 'wide' | 'cover'

/** The files made from a picture, each given by the ending of its name. */
export type Variants = {
  /** In pixels, after the rotation in its EXIF data. */
  width: number
  height: number
  /** The average colour, `#abc`; only when no part is transparent. */
  colour?: string
  /** The file in a format that every browser shows. */
  img: string
  /** The first frame of an animation. */
  still?: string
  /** Other formats, the best first. */
  sources: { type: string; files: { ending: string; width: number }[] }[]
}

/** The widths that are made, in pixels, smallest first. The column is 600 CSS pixels wide, the sheet 992. */
const WIDTHS: Record<Room, number[]> = {
  column: [480, 800, 1200],
  wide: [480, 800, 1200, 1984],
  cover: [1600],
}
/** The width of a cover in a list, on a dense screen. */
const SMALL_COVER = 240
/** Files of fewer bytes get no other formats. */
const SMALL = 20_000

/** Measured for docs/decisions/media.md: more effort takes three times as long, and saves no bytes. */
const FORMATS = {
  avif: (image: Sharp) => image.avif({ quality: 50, effort: 1 }),
  webp: (image: Sharp) => image.webp({ quality: 78, effort: 4 }),
}

/**
 * Makes the files of a picture in the store, unless they exist already.
 *
 * @throws when the picture cannot be read.
 */
export function variants(original: Original, room: Room): Promise<Variants> {
  return inTurn(original.key, async () => {
    const description = pictureFile(`${original.key}-${room}.json`)
    if (existsSync(description)) {
      const made = JSON.parse(await readFile(description, 'utf8')) as Variants
      if (endingsOf(made).every((ending) => existsSync(pictureFile(`${original.key}${ending}`)))) return made
    }
    const made = await amongFew(() => make(original, room))
    await replaceFile(description, JSON.stringify(made))
    return made
  })
}

/** @returns the endings of all files of a picture, that for every browser first. */
export const endingsOf = ({ img, still, sources }: Variants): string[] => [
  img,
  ...(still ? [still] : []),
  ...sources.flatMap(({ files }) => files.map(({ ending }) => ending)),
]

async function make(original: Original, room: Room): Promise<Variants> {
  const keep = async (ending: string, bytes: Uint8Array) => {
    const file = pictureFile(`${original.key}${ending}`)
    if (!existsSync(file)) await replaceFile(file, bytes)
    return ending
  }
  let bytes = await readFile(original.file)
  const isDrawing = /\.svg$/i.test(original.file)
  if (isDrawing) {
    const safe = await safeSvg(bytes.toString('utf8'))
    if (room !== 'cover')
      return { width: safe.width, height: safe.height, img: await keep('.svg', safe.bytes), sources: [] }
    bytes = await sharp(safe.bytes, { density: Math.min(2400, Math.max(72, (72 * 1200) / safe.width)) })
      .resize({ width: 1200 })
      .png()
      .toBuffer()
  }
  const { format, pages = 1, hasAlpha, isPalette, autoOrient } = await sharp(bytes).metadata()
  const { width, height } = autoOrient
  const moves = (pages > 1 && /^(gif|webp)$/.test(format)) || bytes.toString('latin1', 8, 12) === 'avis'
  const isSmall = bytes.length < SMALL && !moves
  const widths = widthsOf(width, WIDTHS[room])
  const top = isSmall && room !== 'cover' ? width : (widths.at(-1) ?? width)

  // Decoded and rotated once; all smaller sizes are made from this.
  const { data, info } = await sharp(bytes)
    .autoOrient()
    .resize({ width: top })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const isOpaque = !hasAlpha || !isSeenThrough(data, info)
  const sized = (to: number) => {
    const image = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    const opaque = isOpaque ? image.removeAlpha() : image
    return to < info.width ? opaque.resize({ width: to }) : opaque
  }
  const facts = { width, height, ...(isOpaque ? { colour: await average(sized(info.width)) } : {}) }
  const suffix = top < width ? `-${top}` : ''
  const fallback = await plain(sized(info.width), {
    isOpaque,
    isPng: format === 'png' || format === 'gif',
    isSmall,
    isPalette: Boolean(isPalette),
  })
  if (moves && room !== 'cover') {
    const still = await keep(`-still${suffix}.${fallback.type}`, fallback.bytes)
    const ending = `.${format === 'heif' ? 'avif' : format}`
    await keepCopy(original.file, `${original.key}${ending}`)
    return { ...facts, img: ending, still, sources: [] }
  }
  const name = isDrawing ? `-cover` : suffix
  const img = await keep(`${name}.${fallback.type}`, fallback.bytes)
  // The limit of WebP is 16383 pixels.
  if (room === 'cover') {
    const ending = `-${SMALL_COVER}.webp`
    const small = await FORMATS.webp(sized(SMALL_COVER)).toBuffer()
    const sources = [{ type: 'image/webp', files: [{ ending: await keep(ending, small), width: SMALL_COVER }] }]
    return { ...facts, width: info.width, height: info.height, img, sources }
  }
  if (isSmall || Math.max(info.width, info.height) > 16_383) return { ...facts, img, sources: [] }
  const sources: Variants['sources'] = []
  // A format is kept only when its file is smaller than the one before: browsers take the first format they know.
  let least = fallback.bytes.length
  for (const type of ['webp', 'avif'] as const) {
    const largest = await FORMATS[type](sized(top)).toBuffer()
    if (largest.length >= least) continue
    least = largest.length
    const files: { ending: string; width: number }[] = []
    for (const to of widths) {
      const ending = to < width ? `-${to}.${type}` : `.${type}`
      const isThere = existsSync(pictureFile(`${original.key}${ending}`))
      if (!isThere) await keep(ending, to === top ? largest : await FORMATS[type](sized(to)).toBuffer())
      files.push({ ending, width: to })
    }
    sources.unshift({ type: `image/${type}`, files })
  }
  return { ...facts, img, sources }
}

/** The widths below the picture's own, and then its own (or the greatest). A width within 10 % of that is left out. */
function widthsOf(width: number, all: number[]): number[] {
  const top = Math.min(width, all.at(-1) ?? width)
  return [...all.filter((one) => one < top * 0.9), top]
}

type Look = { isOpaque: boolean; isPng: boolean; isSmall: boolean; isPalette: boolean }

/** Makes a PNG or JPEG without metadata such as the place and time of a photo. Where both formats fit, the smaller file wins. */
async function plain(image: Sharp, { isOpaque, isPng, isSmall, isPalette }: Look) {
  const png = () => image.clone().png({ compressionLevel: 9, palette: isPalette }).toBuffer()
  const jpeg = () =>
    image
      .clone()
      .jpeg({ quality: 80, mozjpeg: true, chromaSubsampling: isPng ? '4:4:4' : '4:2:0' })
      .toBuffer()
  if (!isOpaque || (isPng && isSmall)) return { type: 'png', bytes: await png() }
  const photo = { type: 'jpg', bytes: await jpeg() }
  if (!isPng) return photo
  const drawing = { type: 'png', bytes: await png() }
  return drawing.bytes.length <= photo.bytes.length ? drawing : photo
}

function isSeenThrough(data: Buffer, { channels }: OutputInfo): boolean {
  if (channels !== 2 && channels !== 4) return false
  for (let at = channels - 1; at < data.length; at += channels) if ((data[at] ?? 255) < 255) return true
  return false
}

async function average(image: Sharp): Promise<string> {
  const [red = 0, green = red, blue = red] = await image.resize(1, 1, { fit: 'fill' }).raw().toBuffer()
  return `#${[red, green, blue].map((value) => Math.round(value / 17).toString(16)).join('')}`
}

/** The most pictures at a time. An encoder takes a whole core, and the author is still working on the machine. */
const FEW = 2
let running = 0
const waiting: (() => void)[] = []
async function amongFew<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= FEW) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
