/**
 * How other systems say that a text is not for everybody (yet), and what Galley makes of each.
 *
 * It is one table of front-matter keys, one of the words that are their values, and one of folders and file names, and knows nothing of
 * documents: the compiler asks it of every field that is none of ours, and whatever else reads files of other systems can.
 * The rule: what another system would keep from readers is a draft here (or scheduled, expired or unlisted where that is what is
 * meant); where nobody can tell, it is an error. Never a public post. What is only left out of menus, searches or one home page
 * there (`sitemap: false`, `nav_exclude`, `hide: [toc]`) is public there, and here.
 */
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseDocument } from 'yaml'
import { readDate } from './parse-date'

/**
 * What a key with its value says, or a place: `draft` is for nobody, `unlisted` has a page but is in no list, `from` and `until` are for
 * nobody before and after a moment, `unclear` may be any of these, `open` says that it is for all.
 */
export type Meaning =
  | { is: 'draft' | 'unlisted' | 'open' }
  | { is: 'from' | 'until'; at: Date }
  | { is: 'unclear'; remedy: string }

/** What a row makes of a value: of yes, of no, of a moment, of words, and of anything else that is not empty. */
type Row = {
  keys: string[]
  yes?: 'draft' | 'unlisted'
  no?: 'draft' | 'unlisted'
  moment?: 'from' | 'until'
  /** `all` looks for a word of ours among those of the value, `whole` wants it to be the value. */
  words?: 'all' | 'whole'
  /** Instead of all words that keep a text back. */
  only?: string[]
  /** A value that is none of these; nothing for what has other uses too. */
  other?: 'draft' | 'unclear'
  /** An empty value says something as well: `published:` */
  empty?: 'unclear'
}

const list = (words: string) => words.split(/\s+/).filter(Boolean)

/** What is more than a part of a page. */
const WHOLE = list('everywhere everyone everybody all site website web build production public draft drafts')

/** Keys are in small letters without what divides words: `hidden_from_lists`, `Hidden-From-Lists` and `hiddenFromLists` are one. */
const ROWS: Row[] = [
  // Jekyll, Hugo, Hexo, Astro, Docusaurus, Zola, Quartz, Ghost, Hashnode (saveAsDraft, isDraft), Obsidian, Publii, Cobalt …
  {
    keys: list(`draft drafts drafted saveasdraft savedasdraft asdraft draftmode draftstatus wip workinprogress unfinished incomplete
      private privat privatepost hidden unpublished archived headless trashed trash deleted deletedat trashedat archivedat
      expired membersonly subscribersonly paidonly emailonly autodraft withdrawn retracted ignorepost skippost
      intrash indraft indrafts pending inreview underreview needsreview awaitingreview underconstruction comingsoon onhold
      sitelogin adminlogin`),
    yes: 'draft',
    other: 'draft',
  },
  {
    keys: list(`hidepost hidepage disabled inactive internal secret
      confidential passwordprotected protected encrypted encrypt locked restricted loginrequired requireslogin requirelogin paywall paywalled
      removed excludefromsite excludefrombuild excludefrompublish skipbuild hidefromsite hiddenfromsite`),
    yes: 'draft',
    other: 'draft',
  },
  // Their values are often parts of a page: `hide: [toc]`.
  {
    keys: list('ignore ignored skip skipped exclude excluded disable offline'),
    yes: 'draft',
    words: 'whole',
    only: WHOLE,
  },
  { keys: list('scheduled embargo embargoed'), yes: 'draft', moment: 'from', other: 'unclear' },
  { keys: ['schedule'], yes: 'draft', moment: 'from' },
  { keys: ['unpublish'], yes: 'draft', moment: 'until', other: 'unclear' },
  { keys: list('hide archive delete remove'), yes: 'draft', moment: 'until', words: 'whole', only: WHOLE },
  // Jekyll, Hexo, Middleman, dev.to (published), Obsidian Publish and VuePress (publish), Substack (is_published), Notion (public).
  {
    keys: list('published publish public ispublic dopublish publishable publishpost'),
    no: 'draft',
    moment: 'from',
    words: 'all',
    other: 'unclear',
    empty: 'unclear',
  },
  // Hugo's build and Zola's render, Jekyll's output, Eleventy's permalink, Grav's routable, Craft's enabled.
  { keys: ['render', 'rendered', 'build'], no: 'draft', words: 'whole', only: ['link'] },
  {
    keys: list(`routable enabled enable active live online posted released approved publiclyvisible visible available
      final ready readytopublish finished complete completed publishweb publishwebsite publishsite publishblog publishonline`),
    no: 'draft',
    moment: 'from',
    words: 'all',
  },
  {
    keys: list('show shown display'),
    no: 'draft',
    moment: 'from',
    words: 'whole',
    only: list('draft private hidden soon not-yet'),
  },
  { keys: list('output permalink'), no: 'draft' },
  {
    keys: list('list listed discoverable makediscoverable showinlists inlists'),
    no: 'unlisted',
    words: 'whole',
    only: [],
  },
  {
    keys: list(
      'unlisted delisted unlist delist hidefromlists hiddenfromlists excludefromlists notlisted eleventyexcludefromcollections excludefromcollections',
    ),
    yes: 'unlisted',
    words: 'all',
    only: list('draft drafts hidden private'),
  },
  // WordPress, Ghost, Pelican, Nikola, Publii, Directus, Medium (publishStatus), Contentful, Strapi.
  {
    keys: list(`status visibility privacy publishstatus publishedstatus publicationstatus publishingstatus publishstate publishedstate
      publicationstate publishingstate contentstatus editorialstatus editorialstate reviewstatus workflowstatus workflowstate
      visibilitystatus statuses poststate pagestate`),
    no: 'draft',
    words: 'all',
    other: 'unclear',
  },
  { keys: list('visibleto visiblefor availableto sharedwith readableby'), no: 'draft', words: 'all', other: 'draft' },
  { keys: ['publishto'], no: 'draft', words: 'all' },
  { keys: list('state stage workflow phase access audience accesslevel'), words: 'whole' },
  {
    keys: list('type kind layout template posttype'),
    words: 'whole',
    only: list('draft drafts private unpublished trash trashed wip'),
  },
  // WordPress's post_password, hexo-blog-encrypt.
  { keys: list('password passphrase pwd'), yes: 'draft', other: 'draft' },
  // Hugo (publishDate), Astro (pubDate), Ghost and dev.to (published_at), Grav (publish_date), WordPress (post_date) …
  {
    keys: list(`date datetime dategmt dateutc datepublished datepublish dateofpublication pubdate pubdatetime pubtime pubat
      publishdate publishdatetime publishtime publishat publishon publishfrom publishafter publishstart publishstartdate
      publisheddate publisheddatetime publishedtime publishedat publishedon publishedfrom publishedgmt publishingdate publishingat
      publicationdate publicationtime publicationdatetime publication firstpublished firstpublishedat originallypublished
      scheduledate scheduledat scheduledfor scheduledon scheduleddate scheduledtime schedulefor scheduleat publishscheduled scheduledpublish
      embargodate embargountil embargoeduntil golive golivedate goliveat goliveon livedate liveat liveon livefrom
      visiblefrom visibleafter availablefrom availableafter activefrom validfrom showfrom showafter displayfrom notbefore issued
      releasedat releaseat releaseon postedon postedat publishup startpublishing publishingstart`),
    moment: 'from',
  },
  // Hugo (expiryDate, unpublishDate), Grav (unpublish_date), Craft (expiryDate), Joomla (publish_down).
  {
    keys: list(`expires expire expiry expiration expirydate expirationdate expiredate expiresdate expirytime expirationtime expireat expiresat
      expiryat expireon expireson expiredat expiredon expireddate dateexpires dateexpired expiresafter
      unpublishdate unpublishat unpublishon unpublishedat unpublisheddate unpublishtime unpublishafter
      publishuntil publisheduntil publishend publishenddate publishdown finishpublishing publishingend visibleuntil availableuntil activeuntil validuntil validto
      showuntil displayuntil liveuntil notafter removeon removeat removeafter deleteon deleteafter hideafter archiveon archiveat archivedate archiveafter
      takedown takedowndate sunset sunsetdate`),
    moment: 'until',
    other: 'unclear',
  },
]

const TABLE = new Map(ROWS.flatMap((row) => row.keys.map((key) => [key, row])))

/** Keys that only say something of a text when it is a moment, and whose other values have other uses. */
const LOOSE = new Set(list('publication issued'))

/** Fields of a text by another name, and systems whose fields stand in a group or have their name before them. */
const BEFORE =
  /^(?:is|the|post|posts|page|article|entry|note|blog|content|doc|document|item|wp|dg|sys|hugo|jekyll|ghost|wordpress|hexo|astro|zola|pelican|nikola|eleventy|quartz|obsidian|docusaurus|gatsby|nuxt|vitepress|vuepress|mkdocs|hashnode|devto|medium|substack|notion|grav|params|extra|meta|metadata|frontmatter|cascade|data|attributes|fields|settings|options|config|custom)(?=.)/

/** `draft_post`, `private_page`: the text by another name behind a key that keeps it back. */
const AFTER = /(?<=.)(?:post|page|article|note|entry)$/

/** `notReady`, `unpublished`, `do_not_publish` turn a key around. */
const TURNED = /^(?:donot|dont|not|never|non|no|un|prevent|disable)(?=.)/

/** Groups that are about a part of the page, not about the text. */
const PARTS = new Set(
  list(`cover image images photo thumbnail banner hero header footer logo icon toc tableofcontents comment comments menu menus nav
    navigation navbar sidebar sidebars breadcrumb breadcrumbs pagination share sharing social og opengraph twitter seo search sitemap robots feed rss
    author authors resources links link gallery video audio map math katex mermaid diagram diagrams code analytics ads newsletter cta
    event events product project projects book books repo repository github license licence geo location related outputs badge
    series tags categories taxonomies translations languages jsonld schema structureddata`),
)

const CLOSED = new Set(
  list(`draft drafts drafted auto-draft in-draft pending future scheduled schedule queued planned trash trashed deleted removed hidden
    unpublished unpublish not-published not-public archived archive inactive disabled offline private internal confidential secret
    password protected password-protected restricted members members-only only-members member paid paid-only only-paid tiers subscribers
    subscribers-only subscriber founding premium paywall paywalled embargo embargoed expired withheld withdrawn review in-review needs-review
    under-review reviewing editing wip work-in-progress incomplete unfinished todo to-do idea ideas outline sent skip email only-me onlyme me self
    friends nobody no-one none never hold on-hold coming-soon not-yet not soon later tbd tba tbc queue
    proofreading logged-in loggedin login staff under-construction`),
)

const UNLISTED = new Set(list('unlisted delisted not-listed link-only by-link anyone-with-the-link'))

const OPEN = new Set(
  list(`published publish public publicly live online active open opened everyone everybody anyone all world free final finished done complete
    completed released release stable featured pinned sticky listed visible posted approved inherit current updated maintained evergreen seedling
    seed sapling budding bud growing mature perennial yes true on always normal standard default publicly-visible`),
)

const YES = new Set(list('true yes y on 1 t always'))
const NO = new Set(list('false no n off 0 f never none nil null'))

/**
 * What one field of front matter says of who may read the text.
 *
 * @param parents the groups it stands in, the outermost first: `build` of `build: { render: never }`.
 * @param value as JavaScript has it. The table is asked of each item of a list, and the answer that keeps most back counts.
 * @param timeZone IANA name; holds for moments without an offset.
 * @returns nothing for a key that says nothing of it. A group is for the caller to look into; so is when `from` and `until` are.
 */
export function meaningOf(key: string, value: unknown, parents: string[], timeZone: string): Meaning | undefined {
  if (parents.some((parent) => PARTS.has(plain(parent)))) return undefined
  const found = rowOf(key, parents)
  if (!found) return undefined
  const meanings = (Array.isArray(value) ? value.flat(3) : [value]).map((one) => ofValue(found, one, timeZone))
  const isUnsaid = Array.isArray(value) && value.length === 0
  const strongest = isUnsaid ? ofValue(found, null, timeZone) : meanings.reduce(stronger, undefined)
  // What stands in a group of its own may well be about something else.
  return strongest?.is === 'unclear' && parents.length > 0 && !isDated(found.row) ? undefined : strongest
}

/** A field that says something, by its own name and those of the groups around it. */
export type Said = { path: string[]; value: unknown; meaning: Meaning }

/**
 * All that a field says, and what stands in it where it is a group (`build: { render: never }` does; `cover: { hidden: true }` is about
 * the cover).
 *
 * @param timeZone IANA name; holds for moments without an offset.
 */
export function allSaid(key: string, value: unknown, timeZone: string): Said[] {
  const seen = new Set<unknown>()
  const look = (path: string[], one: unknown): Said[] => {
    if (PARTS.has(plain(path.at(-1) ?? '')) || path.length > 8) return []
    const meaning = meaningOf(path.at(-1) ?? '', one, path.slice(0, -1), timeZone)
    const said = meaning ? [{ path, value: one, meaning }] : []
    for (const group of Array.isArray(one) ? one.flat(3) : [one]) {
      if (typeof group !== 'object' || group === null || group instanceof Date || seen.has(group)) continue
      // An alias may stand for the same group a thousand times.
      seen.add(group)
      for (const [name, inner] of Object.entries(group)) said.push(...look([...path, name], inner))
    }
    return said
  }
  return look([key], value)
}

/** @returns the stronger of two meanings, so that of two that contradict each other the text is kept back. */
function stronger(a: Meaning | undefined, b: Meaning | undefined): Meaning | undefined {
  const order = ['open', 'unlisted', 'until', 'from', 'unclear', 'draft']
  if (!a || !b) return a ?? b
  return order.indexOf(a.is) >= order.indexOf(b.is) ? a : b
}

/** Whether a key is there for a moment alone. */
const isDated = (row: Row) => row.moment !== undefined && !row.yes && !row.no

type Found = { row: Row; name: string; isTurned: boolean }

function rowOf(key: string, parents: string[]): Found | undefined {
  const own = plain(key)
  // `date` in a group is that of the group; with its name it may be one of ours: `publish: { date: … }`.
  const names = parents.length > 0 ? [own === 'date' ? '' : own, plain(parents.at(-1) ?? '') + own] : [own]
  for (const whole of names) {
    for (let name = whole; name; ) {
      const row = TABLE.get(name)
      if (row) return { row, name, isTurned: false }
      const keeping = TABLE.get(name.replace(AFTER, ''))
      if (keeping?.yes) return { row: keeping, name, isTurned: false }
      const turned = name.replace(TURNED, '')
      const positive = turned === name ? undefined : (TABLE.get(turned.replace(BEFORE, '')) ?? TABLE.get(turned))
      if (positive?.no) return { row: positive, name, isTurned: true }
      const shorter = name.replace(BEFORE, '')
      if (shorter === name) break
      name = shorter
    }
  }
  return undefined
}

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

function ofValue({ row, name, isTurned }: Found, value: unknown, timeZone: string): Meaning | undefined {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return undefined
  const written =
    value instanceof Date
      ? value.toISOString()
      : String(value ?? '')
          .normalize('NFKC')
          .trim()
  const text = written
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  if (written === '') return row.empty && !isTurned ? unclear() : { is: 'open' }
  const isDate = isDated(row) && !LOOSE.has(name)
  if (isTurned) return YES.has(text) ? kept(row.no) : NO.has(text) ? { is: 'open' } : unclear()
  if (row.words && !row.only && CLOSED.has(text)) return { is: 'draft' }
  if (YES.has(text)) return row.yes ? { is: row.yes } : isDate ? noDate(written) : { is: 'open' }
  if (NO.has(text)) return isDate && row.moment === 'from' ? noDate(written) : kept(row.no)
  if (row.moment) {
    const at = moment(written, value, timeZone)
    if (at) return { is: row.moment, at }
  }
  if (row.words) {
    const closed = row.only ? new Set(row.only) : CLOSED
    if (closed.has(text)) return { is: 'draft' }
    if (!row.only && UNLISTED.has(text)) return { is: 'unlisted' }
    if (OPEN.has(text)) return { is: 'open' }
    // The words of an address say nothing.
    if (row.words === 'all' && !/^\/|:\/\//.test(written)) {
      const parts = text.split('-')
      if (parts.some((part) => closed.has(part))) return { is: 'draft' }
      if (parts.some((part) => UNLISTED.has(part))) return { is: 'unlisted' }
      if (parts.every((part) => OPEN.has(part))) return { is: 'open' }
    }
  }
  if (row.other === 'draft') return { is: 'draft' }
  if (row.other === 'unclear') return row.moment === 'until' ? noDate(written) : unclear()
  if (!isDate) return row.moment && mayCome(written) ? noDate(written) : { is: 'open' }
  // `Jan 3, 2020` has passed, whatever it means; `01/12/2999` has not, and which day it is nobody knows.
  const years = written.match(/\d{4,}/g) ?? []
  const hasPassed =
    years.length === 1 && Number(years[0]) < new Date().getUTCFullYear() && !Number.isNaN(Date.parse(written))
  return hasPassed ? { is: 'open' } : noDate(written)
}

/** Whether a text with a year in it, such as `3 May 2999`, may be a moment that has not come. */
function mayCome(written: string): boolean {
  if (/^\/|:\/\//.test(written)) return false
  const years = written.match(/(?<!\d)\d{4}(?!\d)/g) ?? []
  const now = new Date()
  return (
    years.length > 0 && (years.some((year) => Number(year) > now.getUTCFullYear()) || Date.parse(written) > Number(now))
  )
}

const kept = (no: Row['no']): Meaning => ({ is: no ?? 'open' })
const unclear = (): Meaning => ({
  is: 'unclear',
  remedy: 'Write draft: true or draft: false in its place.',
})
const noDate = (written: string): Meaning => ({
  is: 'unclear',
  remedy: `${JSON.stringify(written)} is not a date. Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30.`,
})

/** A moment as other systems write it: ours, with `/` or single figures, or as seconds or milliseconds since 1970. */
function moment(written: string, value: unknown, timeZone: string): Date | undefined {
  const number = typeof value === 'number' || /^\d{10}(\d{3})?$/.test(written) ? Number(written) : Number.NaN
  if (number >= 1e9 && number < 1e14) return new Date(number < 1e11 ? number * 1000 : number)
  const [, year, month = '', day = '', rest = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(.*)$/s.exec(written) ?? []
  if (!year) return undefined
  const clock = rest.replace(/(\.\d+)?\s*(UTC|GMT)$/i, 'Z').replace(/^([T ]+)(\d:)/i, '$10$2')
  const date = readDate(
    `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${clock.replace(/^\s+/, ' ')}`,
    timeZone,
  )
  return 'instant' in date ? date.instant : undefined
}

/** Folders that some system does not publish. Numbers and punctuation around the name do not count; `private-equity` is another word. */
const FOLDERS = new Set(
  list('draft drafts trash trashed private unpublished archived deleted hidden wip templates scheduled'),
)
/** `my drafts` and `Draft Posts` are such folders too. */
const LAST_WORDS = new Set(list('drafts unpublished wip'))
const TEXTS = new Set(list('post posts page pages article articles note notes entries blog folder files'))
/** What Jekyll and Hexo call the folder of what is published. */
const OPEN_FOLDERS = new Set(['_posts', '_pages'])
const ENDINGS = new Set(list('draft drafts private unpublished hidden wip trash deleted archived bak backup old tmp'))

/**
 * What the place of a file says: Jekyll's `_drafts`, Obsidian's `.trash`, Quartz's `private`, and what begins with `_` or `.`, which
 * no system shows (Astro, Docusaurus, Statamic, Jekyll, Nuxt); names such as `idea.draft.md`.
 *
 * @param file relative to the content folder, with `/`; a link may lead to a file beside `posts/`.
 * @returns what in it says so, or nothing for a file that may be published.
 */
export function keptBackByPlace(file: string): string | undefined {
  const parts = file.replace(/^(posts|authors|pages)\//, '').split('/')
  const name = parts.pop() ?? ''
  for (const part of parts) {
    if (OPEN_FOLDERS.has(part.toLowerCase())) continue
    if (/^[_.]/.test(part) || isKeptFolder(part)) return `the folder "${part}"`
  }
  const [stem = '', ...endings] = name.replace(/\.mdx?$/i, '').split(/(?<=.)\./)
  const isMarked = /^[_.]|^[[(](draft|wip|private)[\])]/i.test(stem) || endings.some((one) => ENDINGS.has(plain(one)))
  return isMarked ? `the name "${name}"` : undefined
}

function isKeptFolder(name: string): boolean {
  const words =
    name
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  const [first = '', ...others] = words
  return (
    FOLDERS.has(words.join('')) ||
    LAST_WORDS.has(words.at(-1) ?? '') ||
    (FOLDERS.has(first) && others.every((word) => TEXTS.has(word)))
  )
}

/**
 * What the files above a document say of all below them: the `cascade` of Hugo's `_index.md`, and Eleventy's data of a folder
 * (`posts/posts.json`).
 *
 * @param file relative to `contentDir`, with `/`.
 * @returns where it is said, or nothing.
 */
export function keptBackFromAbove(file: string, contentDir: string, timeZone: string): string | undefined {
  const folders = file.split('/').slice(0, -1)
  for (let depth = 0; depth <= folders.length; depth++) {
    const folder = folders.slice(0, depth)
    const name = folder.at(-1)
    const above = ['_index.md', ...(name ? [`${name}.json`, `${name}.11tydata.json`] : [])]
    for (const one of above) {
      const place = path.posix.join(...folder, one)
      const data = place === file ? undefined : readData(path.join(contentDir, place))
      const isSection = one === '_index.md'
      const fields = Object.entries(data ?? {}).filter(([key]) => !isSection || key === 'cascade')
      // Of data beside a post only what it says by itself counts: it may be that of a chart.
      const said = fields.flatMap(([key, value]) => allSaid(key, value, timeZone))
      if (said.some(({ path: { length }, meaning }) => isKept(meaning) && (isSection || length === 1)))
        return isSection ? `the cascade of ${place}` : place
    }
  }
  return undefined
}

function readData(file: string): Record<string, unknown> | undefined {
  try {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
    const text = readFileSync(file, 'utf8')
    const [, matter = ''] = /^\uFEFF?---[ \t]*\r?\n(.*?)^---[ \t]*$/ms.exec(text) ?? []
    const data = file.endsWith('.json') ? JSON.parse(text) : parseDocument(matter, { logLevel: 'silent' }).toJS()
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : undefined
  } catch {
    // What is no JSON or YAML is said where it is a document; here it is data of something else.
    return undefined
  }
}

/** Whether nobody may read what is said to be so, at this moment. */
export function isKept(meaning: Meaning | undefined, now = new Date()): boolean {
  if (meaning?.is === 'from') return meaning.at > now
  if (meaning?.is === 'until') return meaning.at <= now
  return meaning?.is === 'draft'
}
