/** Markdown beyond CommonMark and GFM: directives, alerts, maths and definition lists. */
import type { Paragraph, Root, RootContent } from 'mdast'
import { type Directives, directiveFromMarkdown } from 'mdast-util-directive'
import { mathFromMarkdown } from 'mdast-util-math'
import { directive } from 'micromark-extension-directive'
import { math } from 'micromark-extension-math'
import { asciiAlphanumeric, asciiDigit, markdownLineEnding, markdownSpace } from 'micromark-util-character'
import type { Code, Construct, Effects, State, TokenizeContext } from 'micromark-util-types'
import remarkDefinitionList from 'remark-definition-list'
import remarkGfm from 'remark-gfm'
import type { PluggableList, Processor } from 'unified'
import type { VFile } from 'vfile'
import { ALERTS, alerts, childrenOf, type Node, setAlert } from './alerts'
import { withLines } from './lines'
import { foundIn } from './tree'

/** The forms `:::note A title` and `::: note` of Docusaurus and VitePress. The parser reads only `:::note[A title]`. */
const LOOSE = new RegExp(`^([\\s>]*:{3,})[ \\t]*(${[...ALERTS.keys()].join('|')}|details)(?:[ \\t]+([^\\s[{].*))?$`)

/** @returns the text with these forms written as directives, on the same lines. */
export function tightenDirectives(markdown: string, isMdx: boolean): string {
  if (!markdown.includes(':::')) return markdown
  return withLines(markdown, isMdx, (text) => {
    const [, colons, name, title] = LOOSE.exec(text.trimEnd()) ?? []
    return name ? `${colons}${name}${title ? `[${title}]` : ''}` : text
  })
}

/** Adds the extensions to the parser. Text directives (`:name`) are left out, because posts have `10:30` and `a:b`. */
function extensions(this: Processor) {
  const data = this.data()
  const maths = math({ singleDollarTextMath: false })
  const inline = maths.text?.[36] as Construct
  const block = maths.flow?.[36] as Construct
  data.micromarkExtensions = [
    ...(data.micromarkExtensions ?? []),
    { flow: { 58: directive().flow?.[58] as Construct[] } },
    { text: { 36: [dollars, inline] }, flow: { 36: { ...block, tokenize: onlyFenced(block) } } },
  ]
  data.fromMarkdownExtensions = [...(data.fromMarkdownExtensions ?? []), directiveFromMarkdown(), mathFromMarkdown()]
}

/**
 * `$x$`, nearly as in Pandoc: no space after the first dollar, no space before the second, and no digit after the second, so that
 * "$5 to $10" stays two prices. GitHub's `` $`x`$ `` is read too.
 */
const dollars: Construct = {
  name: 'mathText',
  tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
    // Tested here, because micromark ignores `previous` of a construct when another one begins with the same sign.
    const { previous } = this
    let before: Code = null
    let beforeThat: Code = null
    const start: State = (code) => {
      if (previous === 36 || asciiAlphanumeric(previous)) return nok(code)
      effects.enter('mathText')
      effects.enter('mathTextSequence')
      effects.consume(code)
      effects.exit('mathTextSequence')
      return first
    }
    const first: State = (code) =>
      code === null || code === 36 || markdownSpace(code) || markdownLineEnding(code) ? nok(code) : between(code)
    const between: State = (code) => {
      if (code === null) return nok(code)
      if (markdownLineEnding(code)) {
        effects.enter('lineEnding')
        effects.consume(code)
        effects.exit('lineEnding')
        before = code
        return between
      }
      if (code === 36) {
        // No `**` before the second dollar either, so that "**$one** or **$two**" stays two names.
        const isStrong = before === 42 && beforeThat === 42
        if (isStrong || markdownSpace(before) || markdownLineEnding(before)) return nok(code)
        effects.enter('mathTextSequence')
        effects.consume(code)
        effects.exit('mathTextSequence')
        return after
      }
      effects.enter('mathTextData')
      return data(code)
    }
    const data: State = (code) => {
      if (code === null || code === 36 || markdownLineEnding(code)) {
        effects.exit('mathTextData')
        return between(code)
      }
      effects.consume(code)
      beforeThat = before
      before = code
      return code === 92 ? escaped : data
    }
    const escaped: State = (code) => {
      if (code !== 36 && code !== 92) return data(code)
      effects.consume(code)
      before = code
      return data
    }
    const after: State = (code) => {
      if (asciiDigit(code) || code === 36) return nok(code)
      effects.exit('mathText')
      return ok(code)
    }
    return start
  },
}

/** `$$` opens a block only when it is alone on its line. Otherwise the words after it, and all text up to the next `$$`, would be lost. */
function onlyFenced(block: Construct): Construct['tokenize'] {
  const alone: Construct = {
    partial: true,
    tokenize(effects, ok, nok) {
      const at: State = (code) => {
        if (code === null || markdownLineEnding(code)) {
          effects.exit('mathFlowFence')
          return ok(code)
        }
        if (code !== 36 && !markdownSpace(code)) return nok(code)
        effects.consume(code)
        return at
      }
      return (code) => {
        effects.enter('mathFlowFence')
        return at(code)
      }
    },
  }
  return function (this: TokenizeContext, effects, ok, nok) {
    return effects.check(alone, block.tokenize.call(this, effects, ok, nok), nok)
  }
}

/** Sets `:::note` and the other alerts, `:::details`, `:::wide`, `::toc` and `::embed`. An unknown directive stays text, with a warning. */
function directives() {
  return (tree: Root, file: VFile) => {
    const source = String(file.value)
    const asText = (from: number | undefined, to: number | undefined): Paragraph[] => {
      const value = source.slice(from, to).trim()
      return value ? [{ type: 'paragraph', children: [{ type: 'text', value }] }] : []
    }
    const walk = (node: Node) => {
      const children = childrenOf(node)
      for (let index = 0; index < children.length; index++) {
        const child = children[index] as RootContent
        if (child.type !== 'containerDirective' && child.type !== 'leafDirective') {
          walk(child)
          continue
        }
        if (setDirective(child)) {
          walk(child)
          continue
        }
        foundIn(file).problems.push({
          line: child.position?.start.line ?? 1,
          severity: 'warning',
          message: `there is no directive "${child.name}"; it is set as text. Write one of: ${[...ALERTS.keys()].join(', ')}, details, wide, toc, embed.`,
        })
        const [start, end] = [child.position?.start.offset, child.position?.end.offset]
        const inner = child.type === 'containerDirective' ? (child.children as RootContent[]) : []
        const [first, last] = [inner[0]?.position?.start.offset ?? end, inner.at(-1)?.position?.end.offset ?? end]
        const label = inner[0]?.data as { directiveLabel?: boolean } | undefined
        if (label?.directiveLabel) inner.shift()
        const opening = asText(start, label?.directiveLabel ? (inner[0]?.position?.start.offset ?? end) : first)
        const replacement = [...opening, ...inner, ...asText(last, end)]
        children.splice(index, 1, ...replacement)
        index--
      }
    }
    walk(tree)
  }
}

/** @returns whether the directive is known. */
function setDirective(node: Directives): boolean {
  const isBlock = node.type === 'containerDirective'
  const attributes = node.attributes ?? {}
  const title = ALERTS.get(node.name)
  if (isBlock && title) {
    setAlert(node as never, title)
    return true
  }
  if (isBlock && node.name === 'details') {
    const label = node.children[0]
    const hasLabel = label?.type === 'paragraph' && label.data?.directiveLabel
    if (hasLabel) label.data = { ...label.data, hName: 'summary' }
    else
      node.children.unshift({
        type: 'paragraph',
        children: [{ type: 'text', value: 'Details' }],
        data: { hName: 'summary' },
      })
    node.data = { hName: 'details' }
    return true
  }
  if (isBlock && node.name === 'wide') {
    node.data = { hName: 'div', hProperties: { className: ['wide'] } }
    return true
  }
  if (node.type === 'leafDirective' && node.name === 'toc') {
    node.data = { hName: 'div', hProperties: { className: ['toc-here'] } }
    return true
  }
  if (node.type === 'leafDirective' && node.name === 'embed' && attributes.src) {
    node.data = { hName: 'a', hProperties: { className: ['embed'], href: attributes.src } }
    return true
  }
  return false
}

/** Makes `$$…$$` alone in a paragraph a block, as on GitHub. */
function displayMaths() {
  return (tree: Root, file: VFile) => {
    const source = String(file.value)
    const walk = (node: Node) => {
      for (const [index, child] of childrenOf(node).entries()) {
        const only = child.type === 'paragraph' && child.children.length === 1 ? child.children[0] : undefined
        const offset = only?.position?.start.offset
        if (only?.type === 'inlineMath' && offset !== undefined && source.startsWith('$$', offset))
          childrenOf(node)[index] = {
            ...only,
            type: 'math',
            data: {
              hName: 'pre',
              hChildren: [
                {
                  type: 'element',
                  tagName: 'code',
                  properties: { className: ['language-math'] },
                  children: [{ type: 'text', value: only.value }],
                },
              ],
            },
          }
        else walk(child)
      }
    }
    walk(tree)
  }
}

/** One list, for `.md` and `.mdx` alike. */
export const syntax: PluggableList = [remarkGfm, extensions, remarkDefinitionList, directives, displayMaths, alerts]
