import type { Root } from 'hast'
import type { VFile } from 'vfile'
import { findPicture, missing } from './pictures'
import { elements, foundIn, lineOf } from './tree'

/** Gives videos, sounds, captions and posters beside a document the addresses they are served at, as pictures have. */
export function media() {
  return async (tree: Root, file: VFile) => {
    const found = foundIn(file)
    const named: { properties: Record<string, unknown>; name: 'src' | 'poster'; line: number }[] = []
    elements(tree, (node) => {
      if (!/^(video|audio|source|track)$/.test(node.tagName)) return
      for (const name of ['src', 'poster'] as const)
        if (node.properties[name]) named.push({ properties: node.properties, name, line: lineOf(node) })
    })
    for (const { properties, name, line } of named) {
      const source = String(properties[name])
      const one = await findPicture(source, found.folder)
      if (!one) continue
      found.pictures.push(one)
      if (one.stamp) properties[name] = one.src
      else
        found.problems.push({
          line,
          severity: 'error',
          message: missing(source, one).replace('no picture', 'no file'),
        })
    }
  }
}
