import type { ElementContent, Root, Text } from 'hast'
import type { VFile } from 'vfile'
import { safelyDecoded } from '../../site/address'
import { foundIn, lineOf } from '../tree'

/** Warns about template tags of other site generators (Hugo, Jekyll), which are not run here. */
export function templateTags() {
  return (tree: Root, file: VFile) => {
    const say = (tag: string, line: number) => {
      foundIn(file).problems.push({
        line,
        severity: 'warning',
        message: `${tag.replace(/\s+/g, ' ')} is not run here, and is shown as it stands. ${remedy(tag)}`,
      })
    }
    const walk = (node: Root | Root['children'][number], line: number) => {
      if (!('children' in node)) return
      const here = node.type === 'element' && node.position ? lineOf(node) : line
      if (node.type === 'element') {
        if (/^(code|pre|kbd|samp|script|style)$/.test(node.tagName)) return
        const href = safelyDecoded(String(node.properties.href ?? node.properties.src ?? ''))
        const tags = href.match(TAG) ?? CUT.exec(href) ?? []
        for (const tag of tags) say(tag, here)
      }
      // In `{{<name>}}` the name looks like HTML and has been removed, so the text around it is `{{}}`.
      for (const run of runs(node.children as ElementContent[])) {
        const value = run.map((text) => text.value).join('')
        const start = run[0]?.position?.start.line ?? here
        for (const { 0: tag, index } of value.matchAll(TAG))
          say(tag === '{{}}' ? '{{<…>}}' : tag, start + value.slice(0, index).split('\n').length - 1)
      }
      for (const child of node.children) walk(child as Root['children'][number], here)
    }
    walk(tree, 1)
  }
}

/** Hugo's shortcodes, Liquid's tags, and variables of the site and the page. */
const TAG =
  /\{\{[<%]\s{0,9}\/?\s{0,9}[\w-][^{}]*?[>%]\}\}|\{%-?\s{0,9}[a-z][^{}]*?%\}|\{\{-?\s{0,9}(?:site|page|\.Site|\.Page)\.[^{}]*\}\}|\{\{\}\}/g

/** A shortcode that is cut off: in `<a href="{{< ref "other.md" >}}">` the attribute ends at the second quotation mark. */
const CUT = /^\{\{[<%]\s*[\w-]+/

function remedy(tag: string): string {
  const name = /[a-z]\w*/i.exec(tag)?.[0]?.toLowerCase() ?? ''
  if (/^(ref|relref|post_url|link|post_link|post_path|asset_link|asset_path)$/.test(name))
    return 'Write the file as the address: [words](./other.md).'
  if (/^(youtube|vimeo|tweet|x|gist|instagram|embed|video)$/.test(name))
    return 'Write ::embed{src="https://…"} on a line of its own.'
  if (/^(figure|img|image|picture|asset_img)$/.test(name)) return 'Write ![what it shows](./picture.png "caption").'
  if (/^(end)?(highlight|code|codeblock|raw)$/.test(name)) return 'Write a fence of three backticks.'
  if (/^(notice|note|tip|warning|info|hint|alert|admonition|details)$/.test(name))
    return 'Write :::note and, below, :::.'
  if (/^(end)?(blockquote|quote|pullquote)$/.test(name)) return 'Write > before each line of it.'
  return 'Write what it stands for.'
}

/** Groups neighbouring texts. A bare address between them (`{% embed https://… %}`) has become a link, and counts as text. */
function runs(children: ElementContent[]): Text[][] {
  const found: Text[][] = []
  let isNext = false
  for (const child of children) {
    const text = child.type === 'element' && child.tagName === 'a' ? child.children[0] : child
    const isText = text?.type === 'text' && (text === child || /^(https?:|www\.)/.test(text.value))
    if (isText && isNext) found.at(-1)?.push(text)
    else if (isText) found.push([text])
    isNext = isText
  }
  return found
}
