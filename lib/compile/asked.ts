import path from 'node:path'
import { readMedia } from '../site/address'
import { sections } from '../site/sections.mjs'
import type { Manifest } from '../store/manifest'
import { askedFile, mediaFile, pictureFile } from '../store/paths'
import type { Kept } from '../store/types'
import { linkOrCopy, replaceFile } from '../store/write'
import { isPending } from './manifest-of'

/**
 * Keeps and lists the files that a server reads from the store, since the build has none for them: the bodies and pictures of posts
 * that are not public, for editors, and all films. A scheduled post may become public while a server runs, a draft does not.
 *
 * @returns the names of the files in the store's `media`.
 */
export async function keepAsked({ posts, authors, pages, compiledAt }: Manifest): Promise<Set<string>> {
  const pending = posts.filter((post) => isPending(post, new Date(compiledAt)))
  const open = [...posts, ...pages].filter(({ draft }) => !draft)
  const pictures = pending.flatMap((post) => post.pictures)
  const films = [...open, ...authors]
    .flatMap((one) => one.pictures)
    .filter(({ src }) => readMedia(src).section === sections.video)
  for (const { file, src } of [...pictures, ...films]) await linkOrCopy(pictureFile(file), mediaOf(src))
  const named = (kept: Kept[]) => [...new Set(kept.map(({ src }) => `media/${path.basename(mediaOf(src))}`))]
  const files = {
    bodies: pending.map(({ body }) => `bodies/${body}.json`),
    pictures: named(pictures),
    films: named(films),
  }
  await replaceFile(askedFile(), JSON.stringify(files))
  return new Set([...files.pictures, ...files.films].map((name) => path.posix.basename(name)))
}

function mediaOf(src: string): string {
  const { hash, name } = readMedia(src)
  return mediaFile(hash, name)
}
