import type { Root } from 'hast'
import type { VFile } from 'vfile'
import { site } from '../../site.config'
import { classes, elements, foundIn, lineOf } from './tree'

/** Marks links that leave the site, and collects all. */
export function links() {
  const own = new URL(site.address).host
  return (tree: Root, file: VFile) => {
    elements(tree, (node) => {
      if (node.tagName !== 'a' || typeof node.properties.href !== 'string') return
      const { href } = node.properties
      if (!classes(node).includes('anchor')) foundIn(file).links.push({ href, line: lineOf(node) })
      if (/^https?:\/\//i.test(href) && URL.canParse(href) && new URL(href).host !== own)
        node.properties.rel = ['noopener', 'noreferrer']
    })
  }
}
