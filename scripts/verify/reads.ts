import { type Expression, type Node, type Pattern, parse } from 'acorn'
import { type Kind, nothing, type Reads } from './request'
import { type Any, Constants, children, exportsOf, isFunction, nameOfKey, walk } from './syntax'

type Callable = { params: Pattern[]; body: Node }

/** Properties of a request or of any value. They are not names of parameters. */
const AROUND = new Set([
  'params',
  'searchParams',
  'nextUrl',
  'cookies',
  'headers',
  'query',
  'url',
  'length',
  'method',
  'pathname',
  'children',
])
/** Functions of Next.js that give a route parts of the request. */
const GIVEN: Record<string, Kind> = {
  cookies: 'cookie',
  headers: 'header',
  useSearchParams: 'value',
  useParams: 'value',
}
const READERS = new Set(['get', 'getAll', 'has'])
const COMPARING = new Set(['includes', 'startsWith', 'endsWith', 'indexOf', 'has', 'localeCompare', 'equals'])

/**
 * Reads from the code of a route which parameters, headers and cookies it uses.
 *
 * @param code JavaScript: one route with all of our modules that it uses.
 * @param isCalled whether Next.js gives it the request as an argument. A layout has to ask for it.
 * @throws where it cannot be parsed.
 */
export function readsOf(code: string, isCalled: boolean): Reads {
  return new Reader(parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true })).read(isCalled)
}

/** Follows the values of a request through the code. It goes by names and not by scopes, so it may find too much but not too little. */
class Reader {
  private readonly tainted = new Map<string, Kind>()
  private readonly origins = new Map<string, string>()
  private readonly constants = new Constants()
  private readonly functions = new Map<string, Callable>()
  private readonly returning = new Set<string>()
  private readonly methods = new Set<Node>()
  private readonly handlers = new Set<string>()
  private readonly imported = new Set(['JSON', 'Object', 'Array', 'Number', 'String', 'Buffer', 'URL', 'Promise'])
  private readonly reads = nothing()

  constructor(private readonly program: Node) {}

  read(isCalled: boolean): Reads {
    walk(this.program, (node) => this.declare(node))
    for (const name of isCalled ? this.handlers : []) this.enter(name, new Set())
    // Each round follows the values one call further.
    for (let turn = 0, before = -1; turn < 12 && before !== this.size(); turn++) {
      before = this.size()
      walk(this.program, (node) => this.follow(node))
    }
    walk(this.program, (node) => this.collect(node))
    return this.reads
  }

  private size = () => this.tainted.size + this.returning.size + this.reads.names.size + this.origins.size

  private declare(node: Any) {
    if (node.type === 'CallExpression') this.methods.add(node.callee as Node)
    if (node.type === 'ImportDeclaration')
      for (const { local } of node.specifiers as { local: { name: string } }[]) this.imported.add(local.name)
    const named = node.id as { type?: string; name?: string } | undefined
    if (node.type === 'FunctionDeclaration' && named?.name) this.functions.set(named.name, node as never)
    if (node.type === 'VariableDeclarator' && named?.type === 'Identifier' && named.name && node.init) {
      const init = node.init as Any
      this.constants.set(named.name, init)
      if (isFunction(init)) this.functions.set(named.name, init as never)
    }
    for (const [local, exported] of exportsOf(node)) {
      this.reads.exports.push(exported)
      if (!/^(generateStaticParams|config|metadata|viewport|dynamic\w*|revalidate)$/.test(exported))
        this.handlers.add(local)
    }
    if (node.type === 'ExportDefaultDeclaration') {
      const value = node.declaration as Any
      this.constants.set('default', value)
      if (isFunction(value)) this.functions.set('default', value as never)
    }
  }

  /** Next.js hands the request to the function with this name, or to the functions that a wrapper is given. */
  private enter(name: string, seen: Set<string>) {
    if (seen.has(name)) return
    seen.add(name)
    const found = this.functions.get(name)
    if (found) return this.take(found)
    const value = this.constants.get(name)
    if (!value) return
    walk(value, (node) => {
      if (isFunction(node)) this.take(node as never)
      if (node.type === 'Identifier') this.enter(node.name as string, seen)
    })
  }

  private take({ params }: Callable) {
    for (const one of params) this.bind(one, 'value', false)
  }

  /** @param names whether the properties in the pattern are names of parameters. */
  private bind(pattern: Pattern | null, kind: Kind, names: boolean, origin?: string) {
    if (!pattern) return
    if (pattern.type === 'Identifier') {
      if (!this.tainted.has(pattern.name)) this.tainted.set(pattern.name, kind)
      if (origin && !this.origins.has(pattern.name)) this.origins.set(pattern.name, origin)
    } else if (pattern.type === 'AssignmentPattern') this.bind(pattern.left, kind, names, origin)
    else if (pattern.type === 'RestElement') this.bind(pattern.argument, kind, names)
    else if (pattern.type === 'ArrayPattern') for (const one of pattern.elements) this.bind(one, kind, true)
    else if (pattern.type === 'ObjectPattern')
      for (const one of pattern.properties) {
        if (one.type === 'RestElement') this.bind(one.argument, kind, names)
        else {
          const name = one.computed ? this.constants.text(one.key) : (nameOfKey(one.key) ?? '')
          const isName = name !== undefined && name !== '' && names && !AROUND.has(name)
          if (isName) this.name(name, kind)
          this.bind(one.value, kindOfProperty(name) ?? kind, true, isName ? name : undefined)
        }
      }
  }

  private name(name: string, kind: Kind) {
    this.reads.names.set(name, (this.reads.names.get(name) ?? new Set()).add(kind))
  }

  /** The part of the request that an expression comes from; undefined if it does not come from the request. */
  private kindOf(node: Node | null | undefined): Kind | undefined {
    if (!node) return undefined
    const one = node as Any
    const first = (nodes: unknown[]) => {
      for (const each of nodes) {
        const kind = this.kindOf(each as Node)
        if (kind) return kind
      }
      return undefined
    }
    switch (one.type) {
      case 'Identifier':
        return this.tainted.get(one.name as string)
      case 'MemberExpression': {
        const kind = this.kindOf(one.object as Node)
        return kind && (kindOfProperty(nameOfKey(one.property as Node)) ?? kind)
      }
      case 'CallExpression':
      case 'NewExpression': {
        const callee = one.callee as Any
        const given = [...(one.arguments as Node[])]
        if (callee.type === 'MemberExpression') {
          const own = this.kindOf(callee)
          if (own) return own
          const object = callee.object as Any
          return object.type === 'Identifier' && this.imported.has(object.name as string) ? first(given) : undefined
        }
        const name = callee.name as string
        const kind = GIVEN[unnumbered(name)]
        if (kind && this.imported.has(name)) return kind
        if (this.functions.has(name)) return this.returning.has(name) ? first(given) : undefined
        return first(given)
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return undefined
      default:
        return first(children(one))
    }
  }

  /** Whether an expression is the sent value itself, such as `await searchParams`, and not something looked up with it. */
  private isDirect(node: Node): boolean {
    const one = node as Any
    if (one.type === 'Identifier') return this.tainted.has(one.name as string)
    const inside =
      one.object ?? one.argument ?? one.expression ?? (one.type === 'CallExpression' && (one.callee as Any).object)
    if (inside) return this.isDirect(inside as Node)
    return one.type === 'CallExpression' && (one.arguments as Node[]).some((given) => this.isDirect(given))
  }

  private follow(node: Any) {
    if (node.type === 'VariableDeclarator' && node.init) {
      const kind = this.kindOf(node.init as Node)
      if (kind) this.bind(node.id as Pattern, kind, true, this.nameRead(node.init as Node))
      if (kind && (node.id as Pattern).type === 'ObjectPattern' && this.isDirect(node.init as Node))
        for (const { key } of (node.id as unknown as { properties: { key?: Node }[] }).properties)
          if (key && !AROUND.has(nameOfKey(key) ?? '')) this.reads.asked.add(nameOfKey(key) ?? '')
    }
    if (node.type === 'AssignmentExpression') {
      const kind = this.kindOf(node.right as Node)
      if (kind && (node.left as Node).type !== 'MemberExpression')
        this.bind(node.left as Pattern, kind, true, this.nameRead(node.right as Node))
    }
    if (node.type === 'ForOfStatement') {
      const kind = this.kindOf(node.right as Node)
      const declared = (node.left as { declarations?: { id: Pattern }[] }).declarations?.[0]?.id
      if (kind && declared) this.bind(declared, kind, true)
    }
    if (node.type === 'CallExpression') this.call(node)
    for (const [name, { body }] of node === this.program ? this.functions : []) {
      if (this.returning.has(name)) continue
      if (body.type !== 'BlockStatement') {
        if (this.kindOf(body)) this.returning.add(name)
      } else
        walk(body, (inner) => {
          if (inner.type === 'ReturnStatement' && this.kindOf(inner.argument as Node)) this.returning.add(name)
        })
    }
  }

  private call(node: Any) {
    const callee = node.callee as Any
    const given = node.arguments as Expression[]
    const called = callee.type === 'Identifier' ? this.functions.get(callee.name as string) : undefined
    for (const [at, value] of given.entries()) {
      const kind = this.kindOf(value)
      const parameter = called?.params[at]
      if (kind && parameter) this.bind(parameter, kind, true, this.nameRead(value))
    }
    // `(await request.json()).map(one => …)`, `request.json().then(body => …)`.
    const kind = callee.type === 'MemberExpression' && this.kindOf(callee.object as Node)
    if (kind)
      for (const value of given)
        if (isFunction(value)) for (const one of (value as unknown as Callable).params) this.bind(one, kind, true)
  }

  /** The name of the parameter, where an expression is the value of one: `body.slug`, `params.get('slug')?.trim()`. */
  private nameRead(node: Node): string | undefined {
    const one = node as Any
    if (one.type === 'Identifier') return this.origins.get(one.name as string)
    if (one.type === 'MemberExpression') {
      const name = one.computed ? this.constants.text(one.property as Node) : nameOfKey(one.property as Node)
      if (name && !AROUND.has(name) && !this.methods.has(one)) return this.kindOf(one.object as Node) ? name : undefined
      return this.nameRead(one.object as Node)
    }
    if (one.type === 'CallExpression') {
      const callee = one.callee as Any
      const [given] = one.arguments as Node[]
      if (callee.type === 'MemberExpression' && READERS.has(nameOfKey(callee.property as Node) ?? '') && given)
        return this.constants.text(given)
      return this.nameRead(callee.type === 'MemberExpression' ? (callee.object as Node) : (given ?? callee))
    }
    const inside = [one.argument, one.expression, one.left].find(Boolean)
    return inside ? this.nameRead(inside as Node) : undefined
  }

  private collect(node: Any) {
    if (node.type === 'MemberExpression') {
      const name = node.computed ? this.constants.text(node.property as Node) : nameOfKey(node.property as Node)
      if (!name || AROUND.has(name) || this.methods.has(node) || /^\d+$/.test(name)) return
      const kind = this.kindOf(node.object as Node)
      if (kind) this.name(name, kind)
    }
    if (node.type === 'CallExpression') {
      const callee = node.callee as Any
      const [given] = node.arguments as Node[]
      const method = callee.type === 'MemberExpression' ? nameOfKey(callee.property as Node) : undefined
      const text = given && this.constants.text(given)
      if (method && READERS.has(method) && text) {
        const kind = this.kindOf(callee.object as Node)
        if (kind) {
          this.name(text, kind)
          this.reads.asked.add(text)
        } else this.reads.mentioned.add(text)
      }
      if (method && COMPARING.has(method)) this.compared([callee.object as Node, ...(node.arguments as Node[])])
    }
    if (node.type === 'BinaryExpression') {
      if (/^[!=]==?$/.test(node.operator as string)) this.compared([node.left as Node, node.right as Node])
      const text = node.operator === 'in' ? this.constants.text(node.left as Node) : undefined
      if (text && this.kindOf(node.right as Node)) this.name(text, 'value')
    }
    if (node.type === 'SwitchStatement')
      for (const { test } of node.cases as { test?: Node }[]) if (test) this.compared([node.discriminant as Node, test])
  }

  private compared(sides: Node[]) {
    if (!sides.some((side) => this.kindOf(side))) return
    const name = sides.map((side) => this.nameRead(side)).find((one) => one !== undefined)
    for (const text of sides.flatMap((side) => this.constants.texts(side))) {
      this.reads.literals.add(text)
      if (name) this.reads.paired.set(name, (this.reads.paired.get(name) ?? new Set()).add(text))
    }
  }
}

/** The bundler adds a number to a name that two modules share: `headers2`. */
const unnumbered = (name: string | undefined) => (name ?? '').replace(/\d+$/, '')
const kindOfProperty = (name: string | undefined): Kind | undefined =>
  name === 'headers' ? 'header' : name === 'cookies' ? 'cookie' : undefined
