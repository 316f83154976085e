import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import type { Problem } from '../store/types'
import { readDate } from './parse-date'
import type { Schema, ValueType } from './source'

/** Control characters and halves of others: no feed, no name of a file and no address has them (XML 1.0 §2.2). */
const UNREADABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u

/** How values are read: where a node stands, and what is told of one that is not right. */
type Reading = {
  wrong: (line: number, message: string, severity?: Problem['severity']) => void
  lineAt: (offset: number) => number
  timeZone: string
  nested: Schema['nested']
}

/**
 * Reads a value of front matter as the type of its field wants it; dates become ISO 8601 in UTC.
 *
 * @param name how messages call the field: `series.part`.
 * @returns nothing for an empty value and for one of another type, of which `reading.wrong` is told.
 * @throws for a type of Contentlayer's that this blog does not use.
 */
export function readValue(type: ValueType, node: Node | null, name: string, line: number, reading: Reading): unknown {
  const plain = isScalar(node) ? node.value : undefined
  if (!node || (isScalar(node) && (plain === null || plain === ''))) return undefined
  const wrong = (message: string) => void reading.wrong(line, message)
  const shown = `"${name}" is ${shownAs(node)}`
  switch (type.type) {
    case 'string': {
      if (!isScalar(node)) return wrong(`${shown}, where text belongs. Write ${name}: "…".`)
      const text = typeof plain === 'string' ? plain.normalize('NFC') : String(node.source ?? plain)
      const odd = UNREADABLE.exec(text)?.[0]
      if (odd === undefined) return text
      const code = odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
      return wrong(`"${name}" has a character in it that nobody can read (U+${code}). Take it out.`)
    }
    case 'boolean':
      if (typeof plain === 'boolean') return plain
      return wrong(`${shown}, where true or false belongs. Write ${name}: true or ${name}: false.`)
    case 'number':
      if (typeof plain === 'number' && Number.isFinite(plain)) return plain
      return wrong(`${shown}, where a number belongs. Write ${name}: 1.`)
    case 'date': {
      const date = readDate(isScalar(node) ? String(node.source ?? plain) : '', reading.timeZone)
      if ('instant' in date) return date.instant.toISOString()
      return wrong(`"${name}" ${isScalar(node) ? date.problem : `is ${shownAs(node)}`}. ${date.remedy}`)
    }
    case 'list': {
      const items = isSeq(node) ? (node.items as Node[]) : [node]
      return items
        .map((item) => readValue(type.of, item, name, reading.lineAt(item?.range?.[0] ?? 0) || line, reading))
        .filter((item) => item !== undefined)
    }
    case 'json':
      return node.toJSON()
    case 'nested': {
      const fields = reading.nested(type)
      const example = fields.map((one) => `${one.name}: …`).join(', ')
      if (!isMap(node)) return wrong(`${shown}, where fields belong. Write ${name}: { ${example} }.`)
      const inner: Record<string, unknown> = {}
      let isWhole = true
      for (const one of fields) {
        const part = (node.get(one.name, true) as Node | undefined) ?? null
        const value = readValue(one, part, `${name}.${one.name}`, line, reading)
        if (value !== undefined) inner[one.name] = value
        else if (one.isRequired) {
          isWhole = false
          const write = `Write ${one.name}: ${one.type === 'number' ? 1 : '…'} in it.`
          if (!node.has(one.name)) wrong(`"${name}" has no "${one.name}". ${write}`)
        }
      }
      return isWhole ? inner : undefined
    }
    default:
      throw new Error(`No way to read a field of type "${type.type}" (${name}).`)
  }
}

/**
 * Reads the text of a field from one line of front matter that is not YAML as a whole: `title: Tea: a story` is `Tea: a story`.
 *
 * @returns nothing where the line has no text.
 */
export function readText(line: string, name: string): string | undefined {
  const { contents, errors } = parseDocument(line, { prettyErrors: false })
  const value = isMap(contents) && errors.length === 0 ? contents.get(name, true) : undefined
  const whole = line.slice(name.length + 1).trim()
  const text = isScalar(value) ? String(value.value ?? '') : unquoted(whole)
  return text === '' || UNREADABLE.test(text) ? undefined : text.normalize('NFC')
}

/** A text without the quotes around it, or without one that is never closed. */
function unquoted(text: string): string {
  const quote = text.charAt(0)
  if (quote !== '"' && quote !== "'") return text
  if (text.length > 1 && text.endsWith(quote)) return text.slice(1, -1)
  return text.indexOf(quote, 1) < 0 ? text.slice(1) : text
}

const shownAs = (node: Node) => {
  if (isMap(node)) return 'a group of fields'
  if (isSeq(node)) return 'a list'
  return JSON.stringify(isScalar(node) ? (node.source ?? node.value) : String(node))
}
