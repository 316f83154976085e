import type { Node } from 'acorn'

/** Any node of a syntax tree (ESTree). */
export type Any = Node & Record<string, unknown>

/** The child nodes of a node. */
export const children = (node: Node): Any[] =>
  Object.values(node)
    .flat()
    .filter((one): one is Any => typeof one?.type === 'string')

/** Calls `see` with a node and all nodes below it. */
export function walk(node: Node, see: (node: Any) => void) {
  see(node as Any)
  for (const child of children(node)) walk(child, see)
}

export const isFunction = ({ type }: Node) => type.endsWith('FunctionExpression') || type === 'FunctionDeclaration'

/** The name of a property, if it is written as an identifier or a text. */
export function nameOfKey(node: Node): string | undefined {
  const one = node as Any
  if (one.type === 'Identifier') return one.name as string
  return one.type === 'Literal' && typeof one.value === 'string' ? one.value : undefined
}

/** The exports of a statement: the name in the module, and the exported name. */
export function exportsOf(node: Any): [string, string][] {
  if (node.type === 'ExportDefaultDeclaration') return [['default', 'default']]
  if (node.type !== 'ExportNamedDeclaration') return []
  const specifiers = node.specifiers as { local: { name: string }; exported: { name: string } }[]
  const declared = node.declaration as Any | null
  const ids = [declared?.id, ...((declared?.declarations as { id: unknown }[]) ?? []).map(({ id }) => id)]
  const names = (ids as ({ name?: string } | undefined)[]).map((id) => id?.name).filter((name) => name !== undefined)
  return [
    ...specifiers.map(({ local, exported }): [string, string] => [local.name, exported.name]),
    ...names.map((name): [string, string] => [name, name]),
  ]
}

/** Declared names with their first value, to find the text of an expression without running the code. */
export class Constants extends Map<string, Node> {
  /** The text of an expression, if it can be known. */
  text(node: Node, depth = 0): string | undefined {
    const one = node as Any
    if (depth > 8) return undefined
    if (one.type === 'Literal') return one.value === null ? undefined : String(one.value)
    if (one.type === 'Identifier') {
      const value = this.get(one.name as string)
      return value && this.text(value, depth + 1)
    }
    if (one.type === 'TemplateLiteral') {
      const parts = (one.expressions as Node[]).map((each) => this.text(each, depth + 1))
      if (parts.includes(undefined)) return undefined
      const between = one.quasis as { value: { cooked: string } }[]
      return between.map(({ value }, at) => value.cooked + (parts[at] ?? '')).join('')
    }
    if (one.type === 'BinaryExpression' && one.operator === '+') {
      const [left, right] = [this.text(one.left as Node, depth + 1), this.text(one.right as Node, depth + 1)]
      return left === undefined || right === undefined ? undefined : left + right
    }
    return undefined
  }

  /** The texts of an expression: its own, or those of a list or a set. */
  texts(node: Node): string[] {
    const inside = node.type === 'Identifier' ? this.get((node as Any).name as string) : node
    if (inside?.type === 'ArrayExpression') return children(inside).flatMap((one) => this.texts(one))
    if (inside?.type === 'NewExpression') return ((inside as Any).arguments as Node[]).flatMap((one) => this.texts(one))
    const text = this.text(node)
    return text === undefined || text.length > 100 ? [] : [text]
  }
}
