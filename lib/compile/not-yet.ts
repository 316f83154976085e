/**
 * How other systems say that a text is not for everybody (yet), and what Galley makes of each.
 *
 * Three tables: keys of front matter, words that are their values, and names of folders and files. `meaning.ts` and `kept-back.ts` look
 * things up in them.
 *
 * The rule: a text that another system would keep from readers is a draft here (or scheduled, expired or unlisted where that is what is
 * meant); where it is not clear, it is an error. It is never a public post. A text that is only left out of menus, searches or one home page
 * there (`sitemap: false`, `nav_exclude`, `hide: [toc]`) is public there, and here.
 */
/**
 * What a key with its value says, or a place: `draft` is for no reader, `unlisted` has a page but is in no list, `from` and `until` are for
 * no reader before and after a moment, `unclear` may be any of these, `open` says that it is for all.
 */
export type Meaning =
  | { is: 'draft' | 'unlisted' | 'open' }
  | { is: 'from' | 'until'; at: Date }
  | { is: 'unclear'; remedy: string }

/** The meaning of the values of some keys: of yes, no, a moment, words, and of any other value. */
export type Row = {
  keys: string[]
  yes?: 'draft' | 'unlisted'
  no?: 'draft' | 'unlisted'
  moment?: 'from' | 'until'
  /** `all` looks for a word of ours among those of the value, `whole` wants it to be the value. */
  words?: 'all' | 'whole'
  /** Instead of all words that keep a text back. */
  only?: string[]
  /** Any other value. Left out for keys that have other uses too. */
  other?: 'draft' | 'unclear'
  /** An empty value says something as well: `published:` */
  empty?: 'unclear'
}

const list = (words: string) => words.split(/\s+/).filter(Boolean)

/** Values that mean the whole page, not a part of it. */
const WHOLE = list('everywhere everyone everybody all site website web build production public draft drafts')

/**
 * Keys have only small letters and numbers (`plain` in meaning.ts): `hidden_from_lists` and `hiddenFromLists` are both
 * `hiddenfromlists`.
 */
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

/** The row of each key. */
export const TABLE = new Map(ROWS.flatMap((row) => row.keys.map((key) => [key, row])))

/** Keys that count only when their value is a moment, since they have other uses too. */
export const LOOSE = new Set(list('publication issued'))

/** Fields of a text by another name, and systems whose fields stand in a group or have their name before them. */
export const BEFORE =
  /^(?:is|the|post|posts|page|article|entry|note|blog|content|doc|document|item|wp|dg|sys|hugo|jekyll|ghost|wordpress|hexo|astro|zola|pelican|nikola|eleventy|quartz|obsidian|docusaurus|gatsby|nuxt|vitepress|vuepress|mkdocs|hashnode|devto|medium|substack|notion|grav|params|extra|meta|metadata|frontmatter|cascade|data|attributes|fields|settings|options|config|custom)(?=.)/

/** `draft_post`, `private_page`: the text by another name behind a key that keeps it back. */
export const AFTER = /(?<=.)(?:post|page|article|note|entry)$/

/** `notReady`, `unpublished`, `do_not_publish` turn a key around. */
export const TURNED = /^(?:donot|dont|not|never|non|no|un|prevent|disable)(?=.)/

/** Groups that are about a part of the page, not about the text. */
export const PARTS = new Set(
  list(`cover image images photo thumbnail banner hero header footer logo icon toc tableofcontents comment comments menu menus nav
    navigation navbar sidebar sidebars breadcrumb breadcrumbs pagination share sharing social og opengraph twitter seo search sitemap robots feed rss
    author authors resources links link gallery video audio map math katex mermaid diagram diagrams code analytics ads newsletter cta
    event events product project projects book books repo repository github license licence geo location related outputs badge
    series tags categories taxonomies translations languages jsonld schema structureddata`),
)

/** Values that keep a text back. */
export const CLOSED = new Set(
  list(`draft drafts drafted auto-draft in-draft pending future scheduled schedule queued planned trash trashed deleted removed hidden
    unpublished unpublish not-published not-public archived archive inactive disabled offline private internal confidential secret
    password protected password-protected restricted members members-only only-members member paid paid-only only-paid tiers subscribers
    subscribers-only subscriber founding premium paywall paywalled embargo embargoed expired withheld withdrawn review in-review needs-review
    under-review reviewing editing wip work-in-progress incomplete unfinished todo to-do idea ideas outline sent skip email only-me onlyme me self
    friends nobody no-one none never hold on-hold coming-soon not-yet not soon later tbd tba tbc queue
    proofreading logged-in loggedin login staff under-construction`),
)

/** Values that leave a text out of all lists. */
export const UNLISTED = new Set(list('unlisted delisted not-listed link-only by-link anyone-with-the-link'))

/** Values that say that a text is for all. */
export const OPEN = new Set(
  list(`published publish public publicly live online active open opened everyone everybody anyone all world free final finished done complete
    completed released release stable featured pinned sticky listed visible posted approved inherit current updated maintained evergreen seedling
    seed sapling budding bud growing mature perennial yes true on always normal standard default publicly-visible`),
)

/** Values that mean yes, in small letters. */
export const YES = new Set(list('true yes y on 1 t always'))
/** Values that mean no, in small letters. */
export const NO = new Set(list('false no n off 0 f never none nil null'))

/** Folders that some system does not publish. Numbers and punctuation around the name do not count; `private-equity` is another word. */
export const FOLDERS = new Set(
  list('draft drafts trash trashed private unpublished archived deleted hidden wip templates scheduled'),
)
/** Last words of such a folder: `my drafts`. */
export const LAST_WORDS = new Set(list('drafts unpublished wip'))
/** Words that may follow a name of `FOLDERS`: `draft posts` is such a folder too. */
export const TEXTS = new Set(list('post posts page pages article articles note notes entries blog folder files'))
/** Folders of published texts in Jekyll and Hexo. */
export const OPEN_FOLDERS = new Set(['_posts', '_pages'])
/** Endings of a file's name that keep it back, before `.md`: `idea.draft.md`. */
export const ENDINGS = new Set(
  list('draft drafts private unpublished hidden wip trash deleted archived bak backup old tmp'),
)
