import path from 'node:path'
import type { Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import type { ComponentType } from 'react'
import type { PluggableList } from 'unified'
import type { VFile } from 'vfile'
import { elements, lineOf } from '../tree'
import { bundled, IMPORT } from './bundle'
import { withoutComments } from './comments'
import { explained, HTML_COMMENT, type Mistake } from './mistakes'
import { recallLines, rememberLines } from './positions'
import { NotStill, runBundle, stillRuntime } from './still'

/**
 * Runs an MDX document. It is the author's own code: it runs and renders to HTML at build time, and is not sanitised.
 *
 * @param remarkPlugins for the markdown in it.
 * @returns the tree of its HTML, before the plugins of `render.ts`.
 * @throws the mistake in it, with its `line` and a `reason` that says what to type.
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
  /** The line of the component from mdx-components.tsx that rendered last. */
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
    // `compile` has replaced the text of the file.
    file.value = source
    const made = isBundled ? await bundled(code, file) : undefined
    if (made) locate = (error) => components.locate(made.locate(error))
    const { default: Content } = made?.exports ?? (await run(code, { ...runtime, baseUrl: import.meta.url } as never))
    const own = Object.fromEntries(
      Object.entries(components.own).map(([name, Component]) => [name, withLine(Component)]),
    )
    // Posts of the timlrx starter write <TOCInline toc={props.toc} />; our component finds the headings itself.
    const html = renderToStaticMarkup(
      createElement(Content as ComponentType<object>, { components: own, toc: [] } as object),
    )
    const tree = fromHtml(html, { fragment: true })
    // React 19 adds a preload for every picture, with the address from the source, which is not the served one.
    tree.children = tree.children.filter((node) => node.type !== 'element' || node.properties.as !== 'image')
    recallLines(tree)
    elements(tree, (node) => {
      const handler = Object.keys(node.properties).find((name) => /^on[A-Z]/.test(name))
      // Only `dangerouslySetInnerHTML` can bring a handler this far.
      if (handler)
        throw Object.assign(new NotStill(`<${node.tagName}> has a handler (${handler})`), { line: lineOf(node) })
    })
    return tree
  } catch (error) {
    throw explained(locate(error) as Mistake, source, lines, Object.keys(components.own), lastLine)
  }

  /** Wraps a component so that its errors have the line of its tag, and so does its element when it renders just one. */
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

let own: Promise<{ own: Record<string, ComponentType>; locate: (error: unknown) => unknown }> | undefined
/** The components of mdx-components.tsx, bundled once. */
function ownComponents() {
  own ??= runBundle({ entryPoints: [path.resolve('mdx-components.tsx')] }, '', false).then(({ exports, locate }) => ({
    own: exports.components as Record<string, ComponentType>,
    locate,
  }))
  return own
}
