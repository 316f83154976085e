import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import type { Metafile } from 'esbuild'
import type { Element, Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import type { ComponentType } from 'react'
import type { PluggableList } from 'unified'
import type { VFile } from 'vfile'
import { contentDir } from '../../store/paths'
import { isHidden, isInside } from '../../store/symlinks'
import { linesOf } from '../lines'
import { stamp } from '../media/media'
import { elements, foundIn, lineOf } from '../tree'
import { isHook, NotStill, runBundle, specifierOf, stillRuntime } from './still'

/**
 * Runs an MDX document. It is the author's own code: it runs at build time, renders to HTML there, and is not sanitised.
 *
 * @param remarkPlugins read the markdown in it.
 * @returns the tree of its HTML, to be finished as that of any other document.
 * @throws what is wrong in it, with its `line` and a `reason` that says what to type.
 */
export async function mdxTree(file: VFile, remarkPlugins: PluggableList, remarkRehypeOptions: object): Promise<Root> {
  const [{ compile, run }, { renderToStaticMarkup }, { createElement }, components, runtime] = await Promise.all([
    import('@mdx-js/mdx'),
    import('react-dom/server'),
    import('react'),
    ownComponents(),
    stillRuntime(),
  ])
  let source = String(file.value)
  const lines = new Map<string, number>()
  const options = { remarkPlugins, rehypePlugins: [[rememberLines, lines, components.own]], remarkRehypeOptions }
  /** Of the component of ours that was begun last. */
  let lastLine: number | undefined
  let locate = components.locate
  try {
    const isBundled = IMPORT.test(source)
    const outputFormat = isBundled ? 'program' : 'function-body'
    const compiled = async () => String(await compile(file, { ...options, outputFormat } as never))
    const code = await compiled().catch((error: Mistake) => {
      if (!HTML_COMMENT.test(error.reason ?? '')) throw error
      source = withoutComments(source)
      file.value = source
      return compiled()
    })
    // Compiling has put its own there.
    file.value = source
    const made = isBundled ? await bundled(code, file) : undefined
    if (made) locate = (error) => components.locate(made.locate(error))
    const { default: Content } = made?.exports ?? (await run(code, { ...runtime, baseUrl: import.meta.url } as never))
    const own = Object.fromEntries(
      Object.entries(components.own).map(([name, Component]) => [name, withLine(Component)]),
    )
    // The timlrx starter writes <TOCInline toc={props.toc} />; ours finds the headings by itself.
    const html = renderToStaticMarkup(
      createElement(Content as ComponentType<object>, { components: own, toc: [] } as object),
    )
    const tree = fromHtml(html, { fragment: true })
    // React 19 asks for pictures beforehand, all of them and by the addresses in the source.
    tree.children = tree.children.filter((node) => node.type !== 'element' || node.properties.as !== 'image')
    recallLines(tree)
    elements(tree, (node) => {
      const handler = Object.keys(node.properties).find((name) => /^on[A-Z]/.test(name))
      // Of HTML that React was given as it is.
      if (handler)
        throw Object.assign(new NotStill(`<${node.tagName}> has a handler (${handler})`), { line: lineOf(node) })
    })
    return tree
  } catch (error) {
    throw explained(locate(error) as Mistake, source, lines, Object.keys(components.own), lastLine)
  }

  /** A component of ours whose errors know their line, and whose element does when it is just one. */
  function withLine(Component: ComponentType) {
    return ({ 'data-line': line, ...props }: Record<string, unknown>) => {
      lastLine = Number.parseInt(String(line), 10) || lastLine
      try {
        const made = (Component as (props: object) => React.JSX.Element)(props)
        return typeof made?.type === 'string' ? createElement(made.type, { ...made.props, 'data-line': line }) : made
      } catch (error) {
        throw Object.assign(error as Error, { line: Number.parseInt(String(line), 10) })
      }
    }
  }
}

/** What esbuild calls the document. */
const BUNDLED = 'post.mdx.js'
const IMPORT = /^(import\b|export\b.*\bfrom\b)/m

/** Bundles a document with what it imports, and runs it. What is wrong with an import may be mended in that file. */
async function bundled(contents: string, file: VFile) {
  const { folder, imports } = foundIn(file)
  /** With their stamps of before they were read, so that no later change is missed. */
  const used = new Map<string, string>()
  const onFile = (file: string) => {
    if (!file.endsWith(BUNDLED) && !file.includes('node_modules')) used.set(file, stamp(file))
  }
  try {
    return await runBundle(
      { stdin: { contents, resolveDir: folder, sourcefile: BUNDLED } },
      BUNDLED,
      true,
      (metafile) => checkImports(metafile, folder),
      onFile,
    )
  } catch (error) {
    // What is not there yet is waited for, under every name that it may come with.
    for (const { text, location } of (error as Mistake).errors ?? []) {
      const specifier = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
      const importer = location?.file && !location.file.endsWith(BUNDLED) ? path.dirname(location.file) : folder
      if (specifier) for (const wanted of wantedFiles(specifier, importer)) used.set(wanted, '')
    }
    throw error
  } finally {
    for (const [name, stamp] of used) imports.push({ file: name, stamp })
  }
}

const ENDINGS = ['.tsx', '.ts', '.jsx', '.js', '.json']

/** The files that an import may mean: of a path with any ending or none, or as a folder; of a package, that which names it. */
function wantedFiles(specifier: string, folder: string): string[] {
  const own = specifier.replace(/^@\//, `${process.cwd()}/`)
  if (!/^(?:\.|\/)/.test(own)) return [path.resolve('node_modules', specifier, 'package.json')]
  const written = path.resolve(folder, own)
  // TypeScript writes ./part.js where it means part.ts.
  const bare = written.replace(/\.[cm]?jsx?$/, '')
  return [
    written,
    ...ENDINGS.flatMap((ending) => [written + ending, ...(bare === written ? [] : [bare + ending])]),
    ...ENDINGS.map((ending) => path.join(written, `index${ending}`)),
  ]
}

/** Throws at an import that is in the content folder by its path, and elsewhere by where a link of the file system leads. */
function checkImports(metafile: Metafile, folder: string) {
  const root = realpathSync(contentDir)
  for (const [name, { imports }] of Object.entries(metafile.inputs))
    for (const { path: found, original = '', external } of imports) {
      if (external || !/^[./]/.test(original)) continue
      const from = name.endsWith(BUNDLED) ? folder : path.dirname(path.resolve(name))
      const written = path.resolve(from, original)
      const isWithin = isInside(written, contentDir) || isInside(written, root)
      const real = existsSync(found) ? realpathSync(found) : path.resolve(found)
      if (!isWithin || (isInside(real, root) && !isHidden(path.relative(root, real)))) continue
      const importer = name.endsWith(BUNDLED) ? '' : `${path.basename(name)}: `
      const reason = `${importer}${original} leads out of the content folder, or to what is hidden by a dot. Put the file itself there.`
      throw Object.assign(new Error(reason), { specifier: specifierOf(metafile, BUNDLED, real) ?? original, metafile })
    }
}

let own: Promise<{ own: Record<string, ComponentType>; locate: (error: unknown) => unknown }> | undefined
/** What mdx-components.tsx gives to every document, read once. */
function ownComponents() {
  own ??= runBundle({ entryPoints: [path.resolve('mdx-components.tsx')] }, '', false).then(({ exports, locate }) => ({
    own: exports.components as Record<string, ComponentType>,
    locate,
  }))
  return own
}

type Mistake = Error & {
  line?: number
  reason?: string
  metafile?: Metafile
  specifier?: string
  errors?: { text: string; detail?: unknown; location: { file: string; line: number; lineText: string } | null }[]
}

const HTML_COMMENT = /^Unexpected character `!`/

/** @returns the document with its HTML comments, which MDX has no word for, as comments of JavaScript, on the same lines. */
function withoutComments(mdx: string): string {
  let isOpen = false
  let at = 0
  const lastEnd = mdx.lastIndexOf('-->')
  const written = [...linesOf(mdx, true)].map(({ text, end, isText }) => {
    let made = ''
    let from = 0
    while (isOpen || isText) {
      // A span of code, or the beginning of a comment.
      const [found = '', code] = isOpen
        ? [text.indexOf('-->', from) < 0 ? '' : '-->']
        : (/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<!--/.exec(text.slice(from)) ?? [])
      if (!found) break
      const to = text.indexOf(found, from)
      const before = text.slice(from, to)
      made += isOpen ? before.replaceAll('*/', '* /') : before
      const opens = !isOpen && !code && at + to < lastEnd
      made += isOpen ? '*/}' : opens ? '{/*' : found
      if (!code) isOpen = opens
      from = to + found.length
    }
    const rest = text.slice(from)
    at += text.length + end.length
    return made + (isOpen ? rest.replaceAll('*/', '* /') : rest) + end
  })
  return written.join('')
}

/** What MDX says of the usual mistakes, and what to type instead. */
const REMEDIES: [RegExp, (...parts: string[]) => string][] = [
  [HTML_COMMENT, () => 'an HTML comment. Write {/* … */} in place of <!-- … -->.'],
  [
    /^Unexpected character `[/@:]` .*(?:link in MDX|local name|in name)/,
    () => 'an address between < and >. Write [words](https://…), or the address alone.',
  ],
  [
    /^Unexpected character .*before (?:name|local name)/,
    () => '"<" begins a tag here. Write \\< for the sign itself, or put it between backticks.',
  ],
  [
    /^Unexpected end of file in expression|^Could not parse expression/,
    () => '"{" begins JavaScript here, and what follows is none, or is not closed. Write \\{ for the sign itself.',
  ],
  [
    /^Expected a closing tag for `<([\w.]+)>` \((\d+):/,
    (_, name = '', line = '') =>
      `<${name}> of line ${line} is never closed${/^(br|hr|img|input|source|track|wbr)$/.test(name) ? `. Write <${name} />` : `, or not in the same block. Write </${name}> after it, or put it between backticks`}.`,
  ],
  [
    /^Unexpected closing tag `<\/([\w.]+)>`, expected corresponding closing tag for `<([\w.]+)>`/,
    (_, closing = '', open = '') => `</${closing}> closes <${open}>. Write </${open}>.`,
  ],
  [/^The `style` prop expects a mapping/, () => 'style="…" is HTML. Write style={{ color: "red" }}, or a className.'],
  [
    /^Could not parse import\/exports/,
    () => 'a line that begins with import or export is JavaScript, and this is none. Begin it with another word.',
  ],
]

/** @returns the error with a line and a remedy, as far as they can be known. */
function explained(
  error: Mistake,
  source: string,
  lines: Map<string, number>,
  names: string[],
  lastLine: number | undefined,
): Mistake {
  const lineWith = (words: string) => source.slice(0, Math.max(0, source.indexOf(words))).split('\n').length
  const said = error.reason ?? error.message
  const give = (line: number | undefined, reason: string) =>
    Object.assign(new Error(reason), { reason, line: line ?? error.line ?? 1 })

  if (error instanceof NotStill) {
    const { file = '', at, hook = '', component = '', metafile } = error as NotStill & Mistake
    const specifier = metafile && specifierOf(metafile, BUNDLED, file)
    if (specifier) return give(lineWith(specifier), `${path.relative(process.cwd(), file)}:${at}: ${said}`)
    return give(
      error.line ?? lines.get(`${hook}()`) ?? lines.get(component) ?? lastLine,
      file ? `${path.relative('.', file)}:${at}: ${said}` : said,
    )
  }
  if (error.specifier) return give(lineWith(error.specifier), said)
  const [wrong] = error.errors ?? []
  if (wrong) {
    // esbuild counts the lines of what MDX has made; the words it does not find stand in the document too.
    const specifier = /^Could not resolve "([^"]+)"/.exec(wrong.text)?.[1]
    if (specifier)
      return give(lineWith(specifier), `there is no ${specifier} to import. Mend the name, or put the file there.`)
    if (wrong.location?.file && !wrong.location.file.endsWith(BUNDLED))
      return give(
        lineWith(path.basename(wrong.location.file)),
        /No loader is configured/.test(wrong.text)
          ? `${path.basename(wrong.location.file)} cannot be imported; code and JSON can. Write the path of a picture as it is: <Image src="./…" … />.`
          : `${path.basename(wrong.location.file)}:${wrong.location.line}: ${wrong.text}`,
      )
    const unread = /^Cannot read (?:file|directory) "([^"]+)"/.exec(wrong.text)?.[1]
    if (unread)
      return give(
        lineWith(path.basename(unread)),
        'a file that is imported cannot be read. Mend its name, or put the file there.',
      )
    return give(typeof wrong.detail === 'string' ? lineWith(wrong.detail) : 1, wrong.text)
  }
  const unknown = /^Expected (?:component|object) `([\w.]+)` to be defined/.exec(said)?.[1]
  if (unknown)
    return give(
      lines.get(unknown) ?? lineWith(`<${unknown}`),
      `there is no component <${unknown}>. Write one of: ${names.join(', ')}; or import it.`,
    )
  const missing = /^(\w+) is not defined/.exec(said)?.[1]
  if (missing) {
    const at = source.split('\n').findIndex((line) => new RegExp(`\\{[^}]*\\b${missing}\\b`).test(line)) + 1
    return give(at || 1, `${said}. Write "export const ${missing} = …" above, or \\{ when the brace is text.`)
  }
  for (const [pattern, remedy] of REMEDIES) {
    const match = pattern.exec(said)
    if (match)
      return give(
        Number(match[2]) || (said.startsWith('The `style`') ? lineWith('style="') : undefined),
        remedy(...match),
      )
  }
  return error
}

type Point = { line: number; offset?: number }
type Jsx = {
  type: string
  name?: string | null
  attributes?: { type: string; name?: string; value?: unknown }[]
  position?: { start: Point }
  children?: Jsx[]
}
/** A node of JavaScript (ESTree). */
type Script = {
  type?: string
  name?: { name?: string }
  callee?: { name?: string; property?: { name?: string } }
  attributes?: unknown[]
  start?: number
  loc?: { start: { line: number } }
}

/** Elements that may have something to say of them. */
const LOCATED =
  /^(a|img|iframe|script|blockquote|video|audio|source|track|form|button|input|figure|link|object|embed|image|use|h[1-6])$/

/** React keeps no positions, so those of what is checked later, or may fail, travel as an attribute: `line:offset`. */
function rememberLines(lines: Map<string, number>, components: object) {
  const isLocated = (name: string, attributes: { name?: unknown }[] = []) =>
    Object.hasOwn(components, name) ||
    LOCATED.test(name) ||
    attributes.some(({ name }) => name === 'id' || /^on/i.test(String(name)))
  const placeOf = (start?: Point) => `${start?.line ?? 1}:${start?.offset ?? -1}`
  const remember = (node: Jsx) => {
    if (node.type.startsWith('mdxJsx') && node.name) {
      const start = node.position?.start
      if (!lines.has(node.name)) lines.set(node.name, start?.line ?? 1)
      // HTML's own name works, but React would grumble about it.
      for (const attribute of node.attributes ?? []) if (attribute.name === 'class') attribute.name = 'className'
      if (isLocated(node.name, node.attributes))
        node.attributes?.push({ type: 'mdxJsxAttribute', name: 'data-line', value: placeOf(start) })
      rememberScript(node.attributes)
    }
    rememberScript((node as { data?: object }).data)
    for (const child of node.children ?? []) remember(child)
  }
  /** Elements in JavaScript: `{rows.map((row) => <img src={row} />)}`. */
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

/** Elements without a place of their own have the line of what they are in. */
function recallLines(node: Root | Element, lineAbove = 1) {
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
