import type { Element, Root } from 'hast'
import { elements } from '../tree'
import { isHook } from './still'

type Point = { line: number; offset?: number }
type Jsx = {
  type: string
  name?: string | null
  attributes?: { type: string; name?: string; value?: unknown }[]
  position?: { start: Point }
  children?: Jsx[]
}
/** A node of JavaScript (ESTree), or an attribute of JSX. */
type Script = {
  type?: string
  name?: { name?: string }
  callee?: { name?: string; property?: { name?: string } }
  attributes?: unknown[]
  start?: number
  loc?: { start: { line: number } }
}

/** Elements that a later check may report, so their line must be known. */
const LOCATED =
  /^(a|img|iframe|script|blockquote|video|audio|source|track|form|button|input|figure|link|object|embed|image|use|h[1-6])$/

/** React keeps no positions, so elements that may be reported later carry theirs in an attribute, `data-line="line:offset"`. */
export function rememberLines(lines: Map<string, number>, components: object) {
  const isLocated = (name: string, attributes: { name?: unknown }[] = []) =>
    Object.hasOwn(components, name) ||
    LOCATED.test(name) ||
    attributes.some(({ name }) => name === 'id' || /^on/i.test(String(name)))
  const placeOf = (start?: Point) => `${start?.line ?? 1}:${start?.offset ?? -1}`
  const remember = (node: Jsx) => {
    if (node.type.startsWith('mdxJsx') && node.name) {
      const start = node.position?.start
      if (!lines.has(node.name)) lines.set(node.name, start?.line ?? 1)
      // `class` works too, but React prints a warning.
      for (const attribute of node.attributes ?? []) if (attribute.name === 'class') attribute.name = 'className'
      if (isLocated(node.name, node.attributes))
        node.attributes?.push({ type: 'mdxJsxAttribute', name: 'data-line', value: placeOf(start) })
      rememberScript(node.attributes)
    }
    rememberScript((node as { data?: object }).data)
    for (const child of node.children ?? []) remember(child)
  }
  /** The same for elements in JavaScript: `{rows.map((row) => <img src={row} />)}`. */
  const rememberScript = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    const { type, name, attributes, start, loc, callee } = value as Script
    const called = callee?.property?.name ?? callee?.name ?? ''
    if (loc && isHook(called) && !lines.has(`${called}()`)) lines.set(`${called}()`, loc.start.line)
    const isHost = /^[a-z]/.test(name?.name ?? '')
    const given = attributes as { name?: { name?: string } }[] | undefined
    const isHandling = isHost && given?.some(({ name }) => /^on/i.test(name?.name ?? ''))
    if (type === 'JSXOpeningElement' && loc && (isHandling || LOCATED.test(name?.name ?? ''))) {
      const place = placeOf({ line: loc.start.line, ...(start === undefined ? {} : { offset: start }) })
      attributes?.push({
        type: 'JSXAttribute',
        name: { type: 'JSXIdentifier', name: 'data-line' },
        value: { type: 'Literal', value: place, raw: JSON.stringify(place) },
      })
    }
    for (const inner of Object.values(value)) rememberScript(inner)
  }
  return (tree: Root) => {
    remember(tree as never)
    elements(tree, (node) => {
      if (/^(a|img|pre|code|h[1-6])$/.test(node.tagName)) node.properties.dataLine = placeOf(node.position?.start)
    })
  }
}

/** Turns these attributes into positions. An element without one has the line of its parent. */
export function recallLines(node: Root | Element, lineAbove = 1) {
  for (const child of node.children) {
    if (child.type !== 'element') continue
    const [line = 0, offset = -1] = String(child.properties.dataLine ?? '')
      .split(':')
      .map(Number)
    delete child.properties.dataLine
    const point = { line: line || lineAbove, column: 1 }
    child.position = { start: offset < 0 ? point : { ...point, offset }, end: point }
    recallLines(child, point.line)
  }
}
