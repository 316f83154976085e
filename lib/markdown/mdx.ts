import type { Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import type { PluggableList } from 'unified'
import type { VFile } from 'vfile'
import { elements, lineOf } from './tree'

/**
 * Runs an MDX document. It is the author's own code: it runs at build time, renders to HTML there, and is not sanitised.
 *
 * @param remarkPlugins read the markdown in it.
 * @returns the tree of its HTML, to be finished as that of any other document.
 * @throws what MDX finds wrong.
 */
export async function mdxTree(file: VFile, remarkPlugins: PluggableList, remarkRehypeOptions: object): Promise<Root> {
  const [{ evaluate }, runtime, { renderToStaticMarkup }, { createElement }, { components }] = await Promise.all([
    import('@mdx-js/mdx'),
    import('react/jsx-runtime'),
    import('react-dom/server'),
    import('react'),
    import('../../mdx-components'),
  ])
  const { default: Content } = await evaluate(file, {
    ...runtime,
    baseUrl: import.meta.url,
    remarkPlugins,
    rehypePlugins: [rememberLines],
    remarkRehypeOptions,
  })
  // The timlrx starter writes <TOCInline toc={props.toc} />; ours finds the headings by itself.
  const tree = fromHtml(renderToStaticMarkup(createElement(Content, { components, toc: [] })), { fragment: true })
  recallLines(tree)
  return tree
}

/** React keeps no positions, so the lines of what is checked later travel as an attribute. */
function rememberLines() {
  return (tree: Root) =>
    elements(tree, (node) => {
      if (/^(a|img|pre|code|h[1-6])$/.test(node.tagName)) node.properties.dataLine = lineOf(node)
    })
}

function recallLines(tree: Root) {
  elements(tree, (node) => {
    const line = Number(node.properties.dataLine)
    delete node.properties.dataLine
    const point = { line: line || 1, column: 1 }
    node.position = { start: point, end: point }
  })
}
