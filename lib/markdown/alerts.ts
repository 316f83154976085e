/** Notes, tips and warnings in a box: `> [!NOTE]` of GitHub and Obsidian, and the names of `:::note`. */
import type { Blockquote, Paragraph, PhrasingContent, Root, RootContent } from 'mdast'

/** Names that may follow `:::` and `> [!`, each with the kind of its box. */
export const ALERTS = new Map([
  ['note', 'Note'],
  ['info', 'Note'],
  ['tip', 'Tip'],
  ['success', 'Tip'],
  ['important', 'Important'],
  ['warning', 'Warning'],
  ['caution', 'Caution'],
  ['danger', 'Caution'],
])

export type Node = RootContent | Root
export const childrenOf = (node: Node) => ('children' in node ? (node.children as RootContent[]) : [])

/** Makes a block an alert. The label of a directive becomes its title. */
export function setAlert(node: { children: RootContent[]; data?: object }, kind: string) {
  const [first] = node.children
  const label = first?.type === 'paragraph' && first.data && 'directiveLabel' in first.data ? first : undefined
  const title: Paragraph = label ?? { type: 'paragraph', children: [{ type: 'text', value: kind }] }
  title.data = { ...title.data, hProperties: { className: ['alert-title'] } }
  if (!label) node.children.unshift(title)
  node.data = {
    ...node.data,
    hName: 'aside',
    hProperties: { className: ['alert', `alert-${kind.toLowerCase()}`], role: 'note', ariaLabel: kind },
  }
}

/** Reads `> [!NOTE]`, with a title after it as in Obsidian. Obsidian's sign for folding (`+`, `-`) is ignored. */
export function alerts() {
  const alert = (node: Blockquote) => {
    const first = node.children[0]
    const opening = first?.type === 'paragraph' ? first.children[0] : undefined
    if (first?.type !== 'paragraph' || opening?.type !== 'text') return
    const match = /^\[!(\w+)\][+-]?(?:[ \t]+|(?=\n|$))/.exec(opening.value)
    const kind = ALERTS.get(match?.[1]?.toLowerCase() ?? '')
    if (!match || !kind) return
    opening.value = opening.value.slice(match[0].length)
    const [title, rest] = cutAtLine(first.children)
    if (rest.length > 0) first.children = rest
    else node.children.shift()
    if (title.length > 0)
      node.children.unshift({ type: 'paragraph', children: title, data: { directiveLabel: true } as object })
    setAlert(node as never, kind)
  }
  const walk = (node: Node) => {
    for (const child of childrenOf(node)) {
      if (child.type === 'blockquote') alert(child)
      walk(child)
    }
  }
  return walk
}

/** @returns the first line of a paragraph, and the rest of it. */
function cutAtLine(nodes: PhrasingContent[]): [PhrasingContent[], PhrasingContent[]] {
  const at = nodes.findIndex((node) => node.type === 'break' || (node.type === 'text' && node.value.includes('\n')))
  const end = nodes[at]
  const [line = '', ...more] = end?.type === 'text' ? end.value.split('\n') : ['']
  const said = (some: PhrasingContent[]) => some.filter((node) => node.type !== 'text' || node.value)
  const words = (value: string): PhrasingContent => ({ type: 'text', value })
  if (!end) return [said(nodes), []]
  return [said([...nodes.slice(0, at), words(line.trimEnd())]), said([words(more.join('\n')), ...nodes.slice(at + 1)])]
}
