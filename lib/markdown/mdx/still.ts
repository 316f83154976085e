/**
 * Runs the code of MDX documents. A document is rendered once, when the content is compiled, and its page has no React in the browser.
 * State, effects and handlers would do nothing there, so they are refused with an error that names them.
 */
import { readFile } from 'node:fs/promises'
import { createRequire, SourceMap } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild'
import { statOf } from '../media/media'

type Props = Record<string, unknown> | null | undefined

/** Something that works only in a browser. `file` and `at` are the place when it is in an imported file; `line` is the line in the document. */
export class NotStill extends Error {
  line?: number
  hook?: string
  component?: string
  file?: string
  at?: number
  constructor(use: string) {
    super(
      `${use}, and a post is rendered when it is compiled: in a browser this would do nothing. Write a custom element in components/reader.ts and use its tag here, or give it a page of its own in app/.`,
    )
  }
}

const HOOKS = [
  ...['useState', 'useReducer', 'useEffect', 'useLayoutEffect', 'useInsertionEffect', 'useImperativeHandle'],
  ...['useSyncExternalStore', 'useTransition', 'useOptimistic', 'useActionState', 'useFormState', 'useEffectEvent'],
] as const
/** Whether a function of React needs a browser: `useState` does, `useId`, `useMemo` and `useContext` do not. */
export const isHook = (name: string) => (HOOKS as readonly string[]).includes(name)

const LIFE = ['componentDidMount', 'componentDidUpdate', 'componentWillUnmount', 'getSnapshotBeforeUpdate']

/** Throws for an element with a handler or a life-cycle method: React would leave these out without a word. */
function check(type: unknown, props: Props) {
  const life = typeof type === 'function' && LIFE.find((name) => name in (type.prototype ?? {}))
  if (life) throw Object.assign(new NotStill(`a component (${type.name}) has ${life}`), { component: type.name })
  if (typeof type !== 'string') return
  for (const [name, value] of Object.entries(props ?? {})) {
    const isHandler = /^on./i.test(name) && typeof value === 'string' && !type.includes('-')
    if (typeof value !== 'function' && !isHandler) continue
    const error = new NotStill(`<${type}> has a handler (${name})`)
    const line = Number.parseInt(String(props?.['data-line'] ?? ''), 10)
    throw line ? Object.assign(error, { line }) : error
  }
}

type Make = (type: never, props: Props, ...more: never[]) => unknown
const watched =
  <Made extends Make>(make: Made) =>
  (type: never, props: Props, ...more: never[]) => {
    check(type, props)
    return make(type, props, ...more)
  }

/** The React that documents get: the usual one, with functions that throw in place of those that need a browser. */
const stillModules = (async () => {
  const [{ default: React }, runtime] = await Promise.all([import('react'), import('react/jsx-runtime')])
  const refusals = HOOKS.map((hook) => [
    hook,
    () => {
      throw Object.assign(new NotStill(`a component has state or an effect (${hook})`), { hook })
    },
  ])
  /** React calls this between the constructor and `render`. An error boundary may have state, because it needs no browser. */
  function refuseState(this: React.Component) {
    const isBoundary = 'getDerivedStateFromError' in this.constructor
    const component = this.constructor.name
    if (this.state && !isBoundary)
      throw Object.assign(new NotStill(`a component (${component}) has state`), { component })
  }
  const extended = <Base extends typeof React.Component>(base: Base) =>
    class extends (base as typeof React.Component) {}
  const [Component, PureComponent] = [extended(React.Component), extended(React.PureComponent)]
  for (const one of [Component, PureComponent]) Object.assign(one.prototype, { UNSAFE_componentWillMount: refuseState })
  const react = {
    ...React,
    ...Object.fromEntries(refusals),
    Component,
    PureComponent,
    createElement: watched(React.createElement as Make),
    cloneElement: (node: React.ReactElement, props: Props, ...children: never[]) => {
      check(node.type, props)
      return React.cloneElement(node, props as object, ...children)
    },
  }
  const jsx = { ...runtime, jsx: watched(runtime.jsx as Make), jsxs: watched(runtime.jsxs as Make) }
  return { react: { ...react, default: react }, jsx }
})()

/** React's JSX runtime with these checks, for a document that imports nothing. */
export const stillRuntime = async () => (await stillModules).jsx

/**
 * Bundles code with its imports (TypeScript, JSX, JSON), and runs it. React is not bundled: it must be the copy that renders the result.
 *
 * @param name the name of the code in the bundle, when it is given as text.
 * @param judge is called with the list of bundled files before any of them runs, and may throw.
 * @param onFile is called for every file that is read, also when bundling then fails.
 * @param isRefused whether a file that begins with 'use client' is an error at once; otherwise its exports throw when they are rendered.
 */
export async function runBundle(
  options: BuildOptions,
  name: string,
  isRefused: boolean,
  judge: (metafile: Metafile) => void = () => {},
  onFile: (file: string) => void = () => {},
) {
  const clients = new Set<string>()
  // The file name of the bundle in stack traces.
  const bundle = `galley-bundle-${++bundles}.js`
  const { outputFiles, metafile } = await build({
    bundle: true,
    write: false,
    metafile: true,
    sourcemap: 'external',
    outfile: bundle,
    platform: 'node',
    format: 'cjs',
    external: ['react', 'react/*', 'react-dom', 'react-dom/*'],
    nodePaths: [path.resolve('node_modules')],
    ...(process.env.SITE_CONFIG ? { alias: { '@/site.config': path.resolve(process.env.SITE_CONFIG) } } : {}),
    jsx: 'automatic',
    logLevel: 'silent',
    plugins: [
      filesOnly(onFile),
      {
        name: 'use client',
        setup({ onLoad }) {
          onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path: file }) => {
            if (!(await isClient(file))) return undefined
            clients.add(file)
            return isRefused ? undefined : { contents: await refusing(file), loader: 'js' }
          })
        },
      },
    ],
    ...options,
  })
  const used = Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [path.resolve(file)] : [])),
  )
  const client = isRefused && used.find((file) => clients.has(file))
  if (client) throw Object.assign(refusal(client), { metafile })
  judge(metafile as Metafile)
  const [code = '', map = '{}'] = ['.js', '.map'].map((end) => outputFiles?.find((one) => one.path.endsWith(end))?.text)
  const { react, jsx } = await stillModules
  const require = createRequire(path.resolve('package.json'))
  const own: Record<string, unknown> = { react, 'react/jsx-runtime': jsx }
  const module = { exports: {} as Record<string, unknown> }
  const run = vm.compileFunction(code, ['module', 'exports', 'require', 'galleyRefuse'], { filename: bundle })
  /** Adds the bundled file and line to an error. */
  const locate = (error: unknown) => {
    if (!(error instanceof NotStill) || error.file) return error
    const [, line, column] = new RegExp(`${bundle}:(\\d+):(\\d+)`).exec(error.stack ?? '') ?? []
    if (!line) return error
    const entry = new SourceMap(JSON.parse(map)).findEntry(Number(line) - 1, Number(column) - 1)
    if (!('originalSource' in entry) || (name && entry.originalSource.endsWith(name))) return error
    return Object.assign(error, { file: path.resolve(entry.originalSource), at: entry.originalLine + 1, metafile })
  }
  try {
    run(
      module,
      module.exports,
      (asked: string) => own[asked] ?? require(asked),
      (file: string) => () => {
        throw refusal(file)
      },
    )
  } catch (error) {
    throw locate(error)
  }
  return { exports: module.exports, metafile: metafile as Metafile, locate }
}

let bundles = 0

const refusal = (file: string) =>
  Object.assign(new NotStill(`${path.basename(file)} says 'use client'`), { file, at: 1 })

/** Whether a file begins with 'use client'. esbuild removes white space and comments first, so that only directives can come before. */
async function isClient(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8')
  if (!text.includes('client')) return false
  const loader = /\.[cm]?ts$/.test(file) ? 'ts' : 'tsx'
  // A file with a syntax error is reported when it is bundled.
  const plain = await transform(text, { loader, minifyWhitespace: true, legalComments: 'none' }).catch(() => undefined)
  return /^(?:"[^"]*";)*"use client";/.test(plain?.code ?? '')
}

/** @returns a module with the same exports as a file, each of which throws when it is rendered. */
async function refusing(file: string): Promise<string> {
  const { metafile } = await build({
    entryPoints: [file],
    write: false,
    metafile: true,
    format: 'esm',
    outfile: 'out.js',
  })
  const names = Object.values(metafile.outputs).flatMap(({ exports }) => exports)
  return names
    .map(
      (name) =>
        `${name === 'default' ? 'export default' : `export const ${name} =`} galleyRefuse(${JSON.stringify(file)})`,
    )
    .join('\n')
}

/** @returns the words after `from` by which a document imports a file, directly or through other files. */
export function specifierOf(metafile: Metafile, entry: string, file: string): string | undefined {
  const reaches = (from: string, seen: Set<string>): boolean => {
    if (path.resolve(from) === file) return true
    if (seen.has(from)) return false
    seen.add(from)
    return metafile.inputs[from]?.imports.some((one) => reaches(one.path, seen)) ?? false
  }
  const start = Object.keys(metafile.inputs).find((name) => name.endsWith(entry)) ?? ''
  return metafile.inputs[start]?.imports.find((one) => reaches(one.path, new Set()))?.original
}

/** Refuses an import of anything but a regular file: reading a pipe would wait, and reading a device never ends. */
const filesOnly = (onFile: (file: string) => void): Plugin => ({
  name: 'files-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /./ }, ({ path: file }) => {
      onFile(file)
      const name = path.basename(file)
      const text = `${name} cannot be imported, since it is not a file. Write the name of one that holds code or JSON.`
      return statOf(file)?.isFile() ? undefined : { errors: [{ text, detail: name }] }
    }),
})
