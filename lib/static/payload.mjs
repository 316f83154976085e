// React's data of a page: the `.rsc` file that Next.js 16 stores beside its HTML.

/** @typedef {Map<string, { kind: string, value: any }>} Rows by id: values, modules (`I`) and long texts (`T`). */

/** Rows of these kinds begin with their length in bytes, and may contain line breaks. All others end at the line break. */
const WITH_LENGTH = new Set('TAOobUSsLlGgMmV')

/** Parts that Next.js adds to every page, and shows only when something fails. */
const OF_FAILURES = new Set(['error', 'notFound', 'forbidden', 'unauthorized'])

/**
 * Finds the client components that a page shows.
 *
 * @param {Uint8Array} payload rows as React's server writes them: `id:value` and `id:I[module, chunks, name]`.
 * @returns {{ modules: Set<string>, elements: { module: string, props: Record<string, any> }[], resolve: (value: any) => any }} the
 * ids of their modules; the elements of them that server components render, with their props; and a function that turns a prop into
 * the value that the component gets. It throws for a value that it does not know.
 * @throws {Error} when the data has no first row.
 */
export function clientComponentsIn(payload) {
  const rows = readRows(Buffer.from(payload))
  /** @type {Set<string>} */
  const modules = new Set()
  /** @type {{ module: string, props: Record<string, any> }[]} */
  const elements = []
  /** @type {Set<string>} */
  const seen = new Set()
  /** @type {(value: any) => void} */
  const walk = (value) => {
    if (typeof value === 'string') {
      // `$$` escapes a dollar in a string. In a reference, a letter after the dollar is its kind: `$L1f` is lazy.
      const [, id] = /^\$[^$0-9a-f]?([0-9a-f]+)/.exec(value) ?? []
      if (id !== undefined) visit(id)
    } else if (Array.isArray(value)) {
      if (value[0] === '$' && value.length >= 4) {
        const module = moduleOf(value[1], rows)
        if (module !== undefined) elements.push({ module, props: value[3] ?? {} })
      }
      for (const each of value) walk(each)
    } else if (value !== null && typeof value === 'object') {
      const isRouter = 'parallelRouterKey' in value
      for (const [name, each] of Object.entries(value)) if (!isRouter || !OF_FAILURES.has(name)) walk(each)
    }
  }
  /** @type {(id: string) => void} */
  const visit = (id) => {
    const row = rows.get(id)
    if (!row || seen.has(id)) return
    seen.add(id)
    if (row.kind === 'I') modules.add(String(row.value[0]))
    else if (row.kind !== 'T') walk(row.value)
  }
  const root = rows.get('0')?.value
  if (!root) throw new Error('its data (.rsc) has no first row')
  // `G` is the page that Next.js shows for an error that no other page catches.
  const { G: _ofFailures, ...page } = root
  walk(page)
  return { modules, elements, resolve: (value) => resolved(value, rows) }
}

/**
 * Long strings are in a row of their own, and a string that begins with `$` begins with `$$` here.
 *
 * @param {any} value
 * @param {Rows} rows
 * @returns {any}
 */
function resolved(value, rows) {
  if (Array.isArray(value)) return value.map((each) => resolved(each, rows))
  if (typeof value !== 'string' || !value.startsWith('$')) return value
  if (value.startsWith('$$')) return value.slice(1)
  const row = rows.get(value.slice(1))
  if (row?.kind !== 'T') throw new Error(`its data (.rsc) has a value that is not understood: ${value}`)
  return row.value
}

/** @type {(type: any, rows: Rows) => string | undefined} */
const moduleOf = (type, rows) => {
  const [, id = ''] = /^\$L?([0-9a-f]+)$/.exec(type) ?? []
  const row = rows.get(id)
  return row?.kind === 'I' ? String(row.value[0]) : undefined
}

/**
 * @param {Buffer} bytes
 * @returns {Rows}
 */
function readRows(bytes) {
  const rows = new Map()
  for (let at = 0; at < bytes.length; ) {
    const colon = bytes.indexOf(':', at)
    if (colon < 0) break
    const id = bytes.toString('latin1', at, colon)
    const kind = String.fromCharCode(bytes[colon + 1] ?? 10)
    if (WITH_LENGTH.has(kind)) {
      const comma = bytes.indexOf(',', colon)
      at = comma + 1 + Number.parseInt(bytes.toString('latin1', colon + 2, comma), 16)
      if (kind === 'T') rows.set(id, { kind, value: bytes.toString('utf8', comma + 1, at) })
      continue
    }
    const newline = bytes.indexOf('\n', colon)
    const end = newline < 0 ? bytes.length : newline
    const isValue = !/[A-Za-z]/.test(kind) || /^(true|false|null)$/.test(bytes.toString('latin1', colon + 1, end))
    if (id && (isValue || kind === 'I'))
      rows.set(id, { kind, value: JSON.parse(bytes.toString('utf8', colon + (isValue ? 1 : 2), end)) })
    at = end + 1
  }
  return rows
}
