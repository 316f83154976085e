/**
 * Two thousand strange documents, which are the same for the same seed. This makes others:
 * `RANDOM_SEED=7 npx playwright test e2e/random.spec.ts`
 * Each is rendered in another process, so that the test can end a rendering that never ends.
 * This file is long because of its many kinds of documents.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { hostile } from './hostile'
import { randomFrom } from './random-from'
import { isLong } from './suites'

type Document = { file: string; text: string; kind: string }
type Answer = {
  html?: number
  problems?: { line: number; severity: string; message: string }[]
  crash?: string
  milliseconds: number
}

const SEED = Number(process.env.RANDOM_SEED ?? 20261121)
const COUNT = 2000
/** The test waits at most `PATIENCE` ms for a document, which on a quiet machine fails after `LIMIT` ms. */
const PATIENCE = 60_000
const LIMIT = isLong ? 1000 : PATIENCE
/** 50 kB, as long as the longest of the others. It takes a quarter of a second on a quiet machine. */
const ordinary = {
  file: 'posts/ordinary.md',
  text: `---\ntitle: A\ndate: 2026-01-01\n---\n\n${'Some **plain** words with a [link](https://example.org), `code`, and *more* of them, so that a line is filled.\n\n'.repeat(440)}`,
}
const TRIES = 5

const fragments = [
  ...'*_`~^$:|!<>[](){}#+-=\\&"\'/%@;,.\t\n\r\0'.split(''),
  ...['**', '***', '__', '``', '```', '~~~', '~~', '$$', '::', ':::', '---', '===', '***\n', '> ', '- ', '* ', '1. '],
  ...['10) ', '- [ ] ', '- [x] ', '# ', '###### ', '####### ', '    ', '  \n', '\\\n', '\n\n', '\n> ', '\n\t'],
  ...[
    '[a](b)',
    '[a](<b> "c")',
    '![a](b)',
    '[a][b]',
    '[a]: b "c"\n',
    '[^1]',
    '[^1]: x\n',
    '<a@b.c>',
    'www.a.b',
    'https://a.b/(c',
  ],
  ...[
    '<div>',
    '</div>',
    '<!--',
    '-->',
    '<![CDATA[',
    '<?',
    '<a href="',
    '<table>',
    '<td>',
    '<p',
    '<svg>',
    '<math>',
    '<title>',
  ],
  ...[
    '```js title="x" {1,3-}\n',
    '```mermaid\n',
    '```math\n',
    ':::note[a]{b=c}\n',
    ':::details\n',
    '::toc\n',
    '::embed[x]{src=y}\n',
  ],
  ...[
    '| a | b |\n| - | - |\n',
    '| c |\n',
    '> [!NOTE] x\n',
    'a\n: b\n',
    '## x {#y}\n',
    '$x$',
    '$`x`$',
    '\\frac{',
    '{/* */}',
    '<A {...b}>',
  ],
  ...[
    '&amp;',
    '&#0;',
    '&#x10ffff;',
    '&nope;',
    '日本語',
    'é',
    'e\u0301',
    '👩‍👩‍👧',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\u2028',
    'İ',
    'ﬁ',
  ],
  ...['word', 'two words', '"quoted"', "it's", '--', '...', '2 < 3', 'import a from "b"\n', 'export const a = 1\n'],
]

/** Thousands of blocks are slow without a mistake, because each takes its time. Five hundred are enough. */
const blocks = (n: number) => Math.min(n, 500)

/** Texts that some parsers need too much time for when they are repeated; most are from the tests of cmark. */
const pathological: ((n: number) => string)[] = [
  (n) => `${'*a **a '.repeat(n)}b${' a** a*'.repeat(n)}`,
  (n) => 'a**b'.repeat(n) + 'c* '.repeat(n),
  (n) => '*a_ '.repeat(n),
  (n) => 'a_ '.repeat(n),
  (n) => '*a '.repeat(n),
  (n) => '**x [a*b**c*](d)'.repeat(n),
  (n) => '['.repeat(n),
  (n) => ']'.repeat(n),
  (n) => `${'['.repeat(n)}a${']'.repeat(n)}`,
  (n) => '[a]('.repeat(n),
  (n) => '![a]('.repeat(n),
  (n) => '[a](<b'.repeat(n),
  (n) => '[ (]('.repeat(n),
  (n) => `${'['.repeat(n)}a${'](b)'.repeat(n)}`,
  (n) => `${'!['.repeat(n)}a${'](b)'.repeat(n)}`,
  (n) => Array.from({ length: n }, (_, index) => `e${'`'.repeat(index % 400)}`).join(''),
  (n) => '`a``b'.repeat(n),
  (n) => '`'.repeat(n),
  (n) => `${'> '.repeat(n)}a`,
  (n) => Array.from({ length: Math.min(n, 300) }, (_, index) => `${'  '.repeat(index)}* a`).join('\n'),
  (n) => `${'* '.repeat(n)}a`,
  (n) => `${'1. '.repeat(n)}a`,
  (n) => '*\n'.repeat(blocks(n)),
  (n) => '<!--'.repeat(n),
  (n) => '<!-- a -'.repeat(n),
  (n) => 'a <!A '.repeat(n),
  (n) => 'a <![CDATA['.repeat(n),
  (n) => 'a <?'.repeat(n),
  (n) => '<a b="'.repeat(n),
  (n) => '<div>'.repeat(n),
  (n) => '<div>\n\n'.repeat(blocks(n)),
  (n) => '<b><i>'.repeat(n),
  (n) => '<table><tr><td>'.repeat(n),
  (n) => '<title>'.repeat(n),
  (n) => '<svg><p>'.repeat(n),
  (n) => '&'.repeat(n),
  (n) => '&amp;'.repeat(n),
  (n) => '\\'.repeat(n),
  (n) => `${' '.repeat(n)}a`,
  (n) => `a${' '.repeat(n)}b`,
  (n) => `# a${' '.repeat(n)}b {#c`,
  (n) => `# ${'{#'.repeat(n)}`,
  (n) => '# a\n'.repeat(blocks(n)),
  (n) => `${'\n'.repeat(n)}a`,
  (n) => '\t'.repeat(n),
  (n) => '~~a '.repeat(n),
  (n) => '~'.repeat(n),
  (n) => '$a '.repeat(n),
  (n) => '$'.repeat(n),
  (n) => '$$a$'.repeat(n),
  (n) => `$${'{'.repeat(n)}$`,
  (n) => `$${'\\frac{'.repeat(n)}x${'}{y}'.repeat(n)}$`,
  (n) => `$${'x_{'.repeat(n)}${'}'.repeat(n)}$`,
  (n) => `$${'\\left('.repeat(n)}$`,
  (n) => '$x$ '.repeat(Math.min(n, 150)),
  (n) => ':::note\n'.repeat(n),
  (n) => `${Array.from({ length: Math.min(n, 300) }, (_, index) => `${':'.repeat(303 - index)}note`).join('\n')}\na`,
  (n) => ':::note['.repeat(n),
  (n) => `:::note${'['.repeat(n)}\na\n:::`,
  (n) => `:::note{${'a=b '.repeat(n)}\na\n:::`,
  (n) => ':::nope\n\n'.repeat(blocks(n)),
  (n) => '::nope\n\n'.repeat(blocks(n)),
  (n) => ':'.repeat(n),
  (n) => '::embed[x]{src=y}\n'.repeat(blocks(n)),
  (n) => '::toc\n\n## a\n\n'.repeat(Math.min(n, 100)),
  (n) => `|${'a|'.repeat(blocks(n))}\n|${'-|'.repeat(blocks(n))}\n|${'b|'.repeat(blocks(n))}`,
  (n) => `| a |\n| - |\n${'| b |\n'.repeat(blocks(n))}`,
  (n) => `${'|a'.repeat(n)}\n${'|-'.repeat(Math.min(n, 500))}\n${'a\n'.repeat(Math.min(n, 100))}`,
  (n) => '|\n'.repeat(blocks(n)),
  (n) => 'a\n: b\n\n'.repeat(blocks(n)),
  (n) => `${'a\n'.repeat(Math.min(n, 4_000))}: b`,
  (n) => ': '.repeat(n),
  (n) => `${'[^a]'.repeat(n)}\n\n[^a]: b`,
  (n) => `${Array.from({ length: blocks(n) }, (_, index) => `[^${index}]: [^${index + 1}]`).join('\n\n')}\n\n[^0]`,
  (n) => '[^'.repeat(n),
  (n) => '[a]: b\n'.repeat(blocks(n)),
  (n) => `[a]: ${'('.repeat(n)}\n`,
  (n) => Array.from({ length: blocks(n) }, (_, index) => `[${index}]: b\n\n[${index}]`).join('\n\n'),
  (n) => 'www.a.b/('.repeat(n),
  (n) => 'https://'.repeat(n),
  (n) => `https://a.b/${')'.repeat(n)}`,
  (n) => `www.a.b/${'&a;'.repeat(n)}`,
  (n) => 'a@'.repeat(n),
  (n) => 'a.b@c.d '.repeat(n),
  (n) => `${'a.'.repeat(n)}@b`,
  (n) => '```js\n'.repeat(n),
  (n) => `\`\`\`js ${'{1-99999999}'.repeat(Math.min(n, 9))}\nx\n\`\`\``,
  (n) => `\`\`\`js title=${'"'.repeat(n)}\nx\n\`\`\``,
  (n) => `\`\`\`js\n${'('.repeat(n)}\n\`\`\``,
  (n) => `\`\`\`ts\n${'a<'.repeat(Math.min(n, 400))}\n\`\`\``,
  (n) => `\`\`\`html\n${'<a b='.repeat(n)}\n\`\`\``,
  (n) => `\`\`\`js\n${'a = 1\n'.repeat(Math.min(n, 300))}\`\`\``,
  (n) => '"'.repeat(n),
  (n) => `'a "b `.repeat(n),
  (n) => '-'.repeat(n),
  (n) => 'a-'.repeat(n),
  (n) => '.'.repeat(n),
  (n) => 'a  \n'.repeat(blocks(n)),
  (n) => '> [!NOTE]\n> '.repeat(blocks(n)),
  (n) => '> [!NOTE]\n\n'.repeat(blocks(n)),
  (n) => '- [ ] '.repeat(n),
  (n) => '![a](b)\n\n'.repeat(blocks(n) / 4),
  (n) => '👩‍👩‍👧'.repeat(n),
  (n) => `e${'\u0301'.repeat(n)}`,
  (n) => '日本語'.repeat(n),
  (n) => '{'.repeat(n),
  (n) => '{('.repeat(n) + ')}'.repeat(n),
  (n) => '<A>'.repeat(n),
  (n) => '<A>'.repeat(n) + '</A>'.repeat(n),
  (n) => 'import a from "a"\n'.repeat(Math.min(n, 50)),
]

const postsFolder = 'e2e/content/posts'
const posts = ['content', postsFolder]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  .filter((name) => /\.mdx?$/.test(name))
  .sort()
  .map((name) => readFileSync(name, 'utf8').slice(0, 20_000))

const matters = [
  '---\ntitle: X\n---\n',
  '---\n',
  '---\ntitle: [\n---\n',
  '---\n\0\n---\n',
  '--- \n- a\n---\n',
  '---\nimages: 3\n---\n',
]
matters.push(
  '---\nimages: [{}]\n---\n',
  '---\n"a\n---\n',
  '---\ntitle: &a [*a]\n---\n',
  '',
  '\ufeff---\ntitle: X\n---\n',
  '---\r\ntitle: X\r\n---\r\n',
)

function documents(): Document[] {
  const random = randomFrom(SEED)
  const below = (limit: number) => Math.floor(random() * limit)
  const oneOf = <T>(list: T[]) => list[below(list.length)] as T
  const many = (count: number, piece: () => string) => Array.from({ length: count }, piece).join('')
  const kinds: Record<string, () => string> = {
    fragments: () => many(below(400), () => oneOf(fragments)),
    lines: () => many(below(80), () => `${many(below(5), () => oneOf(fragments))}\n`),
    characters: () => many(below(2000), () => String.fromCodePoint(below(oneOf([0x80, 0x300, 0x3000, 0x110000])))),
    bytes: () => Buffer.from(Array.from({ length: below(4000) }, () => below(256))).toString(oneOf(['utf8', 'latin1'])),
    'a changed post': () => {
      let text = oneOf(posts)
      for (let times = 1 + below(12); times > 0; times--) {
        const [from, length, to] = [below(text.length), below(oneOf([4, 40, 400])), below(text.length)]
        const slice = text.slice(from, from + length)
        const rest = text.slice(0, from) + text.slice(from + length)
        text = oneOf([
          () => rest,
          () => text.slice(0, to) + slice + text.slice(to),
          () => rest.slice(0, to) + slice + rest.slice(to),
          () => text.slice(0, from) + oneOf(fragments) + text.slice(from + 1),
        ])()
      }
      return text
    },
    'hostile pieces': () =>
      many(1 + below(8), () => `${oneOf(Object.values(hostile).flat())}${oneOf(['\n', '\n\n', ' '])}`),
    nested: () => {
      const depth = 1 + below(oneOf([20, 200, 1000]))
      const [open, close] = oneOf([
        ...'[] () {} <> ** __ ~~ $$ ""'.split(' ').map((pair) => pair.split('')),
        ['<div>', '</div>'],
        ['> ', ''],
        ['- ', ''],
        ['<A>', '</A>'],
      ])
      return `${open?.repeat(depth)}${oneOf(fragments)}${close?.repeat(depth)}`
    },
  }
  const made = Object.entries(kinds)
  const all = pathological.flatMap((piece, at) =>
    [100, 1000, 5000, 50_000].map((n) => ({
      kind: `pathological ${at + 1} (${String(piece).slice(0, 60)}), ${n}`,
      text: piece(n).slice(0, 50_000),
    })),
  )
  while (all.length < COUNT) {
    const [kind, make] = oneOf(made)
    all.push({ kind, text: make() })
  }
  // `npm test` renders every tenth, and measures no time.
  const some = isLong ? all : all.filter((_, at) => at % 10 === 0)
  return some.map(({ kind, text }, at) => ({
    kind: `document ${at}, ${kind}`,
    file: `posts/example.${random() < 0.15 ? 'mdx' : 'md'}`,
    text: kind === 'a changed post' ? text : (random() < 0.8 ? matters[0] : oneOf(matters)) + text,
  }))
}

/** Renders in another process, which is killed and started again when it does not answer. */
class Renderer {
  private child: ChildProcess | undefined
  async render({ file, text }: Pick<Document, 'file' | 'text'>): Promise<Answer> {
    if (!this.child) {
      this.child = fork('scripts/run.mjs', ['e2e/rendering.ts'], { serialization: 'advanced' })
      for (const language of ['js', 'ts', 'html', 'diff', 'bash', 'json', 'yaml', 'css'])
        await this.ask({ file: 'posts/a.md', text: `\`\`\`${language}\nx\n\`\`\`\n\n$x$ <b>x</b>` })
      for (let at = 0; at < 5; at++) await this.ask({ file: 'posts/a.mdx', text: '# a {1}' })
    }
    return this.ask({ file, text })
  }
  private ask(document: Pick<Document, 'file' | 'text'>) {
    const { child } = this
    return new Promise<Answer>((answered) => {
      const end = (answer: Answer) => {
        clearTimeout(timer)
        child?.removeAllListeners()
        if (answer.crash === 'ended') this.end()
        answered(answer)
      }
      const timer = setTimeout(() => end({ crash: 'ended', milliseconds: PATIENCE }), PATIENCE)
      child?.once('message', (answer) => end(answer as Answer))
      child?.once('exit', () => end({ crash: 'ended', milliseconds: 0 }))
      child?.send(document)
    })
  }
  end() {
    this.child?.kill('SIGKILL')
    this.child = undefined
  }
}

// One process renders all documents in order, because two processes would slow each other down.
test('no document crashes the pipeline, or keeps it for a second (on a busy machine, for four times as long as an ordinary text)', async () => {
  test.setTimeout(300_000)
  const renderer = new Renderer()
  const complaints: string[] = []
  let slowest = { kind: '', milliseconds: 0 }
  let failed = 0
  const made = documents()
  for (const document of made) {
    let answer = await renderer.render(document)
    let limit = LIMIT
    // On a busy machine every text takes longer, so a slow one is compared with an ordinary text of its length. The
    // fastest of some tries counts.
    for (let tries = 1; tries < TRIES && answer.milliseconds > limit && !answer.crash; tries++) {
      const again = await renderer.render(document)
      if (again.milliseconds < answer.milliseconds) answer = again
      const { milliseconds } = await renderer.render(ordinary)
      limit = Math.max(LIMIT, tries === 1 ? 4 * milliseconds : Math.min(limit, 4 * milliseconds))
    }
    const { html, problems = [], crash, milliseconds } = answer
    const say = (what: string) =>
      complaints.push(`${document.kind} (${document.file}): ${what}\n${JSON.stringify(document.text).slice(0, 200)}`)
    if (crash) say(crash.slice(0, 600))
    else if (html === undefined) say('neither HTML nor a problem')
    if (milliseconds > limit) say(`takes ${Math.round(milliseconds)} ms, of ${Math.round(limit)}`)
    const lines = document.text.split(/\r\n|\r|\n/).length
    for (const { line, message } of problems)
      if (!(Number.isInteger(line) && line >= 1 && line <= lines))
        say(`a problem at line ${line} of ${lines}: ${message}`)
    if (problems.some(({ severity }) => severity === 'error')) failed++
    if (milliseconds > slowest.milliseconds) slowest = { kind: document.kind, milliseconds }
  }
  renderer.end()
  console.log(
    `Seed ${SEED}: ${made.length} documents, ${failed} with an error that is said; slowest ${Math.round(slowest.milliseconds)} ms (${slowest.kind}).`,
  )
  expect(complaints, `${complaints.length} complaints; RANDOM_SEED=${SEED} makes them again`).toEqual([])
})
