/**
 * Services of others that a blog may use: the types of their settings in `site.config.ts`, and what a page needs for each. Names are
 * those that the service itself uses. A service that is not set is in no page and no policy.
 */

/** Comments by giscus. https://giscus.app shows the values for a repository, each with its name. */
export type Comments = {
  provider: 'giscus'
  /** `owner/name`. */
  repo: string
  repoId: string
  /** Of the discussions on GitHub. */
  category: string
  categoryId: string
  /** By what a post is found among the discussions; `pathname` if nothing is set. */
  mapping?: 'pathname' | 'url' | 'title' | 'og:title'
  strict?: '0' | '1'
  reactionsEnabled?: '0' | '1'
  emitMetadata?: '0' | '1'
  inputPosition?: 'top' | 'bottom'
  /** A language of giscus; without it that of the post. */
  lang?: string
  /** `lazy` loads the comments when a reader comes near them; without it they wait for a click. */
  loading?: 'lazy'
}

/** A script that counts visits. `src` is its address, when you host the service yourself. */
export type Analytics =
  | { provider: 'plausible'; domain: string; src?: string }
  | { provider: 'umami'; websiteId: string; src?: string; hostUrl?: string }
  | { provider: 'goatcounter'; code: string }
  | { provider: 'goatcounter'; endpoint: string; src?: string }

/** A form for a newsletter. */
export type Newsletter =
  | { provider: 'buttondown'; username: string }
  /** `lists` are the UUIDs of the lists. */
  | { provider: 'listmonk'; url: string; lists: string[] }
  /** `action` is the address in the form that Mailchimp makes. */
  | { provider: 'mailchimp'; action: string }

/** The languages of giscus, by their codes there, which are not all BCP 47. */
const GISCUS_LANGUAGES = new Set(
  'ar be bg ca cs da de en eo es eu fa fr gr gsw hbs he hu id it ja kh ko nl pl pt ro ru th tr vi uk uz zh-CN zh-TW zh-HK'.split(
    ' ',
  ),
)
const GISCUS_NAMES: Record<string, string> = { el: 'gr', km: 'kh', sr: 'hbs', hr: 'hbs', bs: 'hbs' }

/** @returns giscus' code of a language (BCP 47): `pt` for `pt-BR`, `zh-TW` for `zh-Hant`; undefined for one that it does not have. */
export function giscusLanguage(tag: string): string | undefined {
  const { language, script, region } = new Intl.Locale(tag).maximize()
  if (language === 'zh') return region === 'HK' ? 'zh-HK' : script === 'Hant' ? 'zh-TW' : 'zh-CN'
  const code = GISCUS_NAMES[language] ?? language
  return GISCUS_LANGUAGES.has(code) ? code : undefined
}

/** What giscus is told of a page. `address` is whole, as the site publishes it. */
type Commented = { address: string; title: string; documentTitle: string; description: string; lang: string }

/**
 * @returns the address of giscus' frame for a page. `components/comments.ts` adds what only a browser knows: where it is, the theme,
 * and who is signed in.
 */
export function giscusFrame(comments: Comments, page: Commented): string {
  const path = new URL(page.address).pathname
  const terms = {
    // As giscus' own script does, so that discussions of a blog that moves here are found.
    pathname: path.length < 2 ? 'index' : path.slice(1).replace(/\.\w+$/, ''),
    url: page.address,
    title: page.documentTitle,
    'og:title': page.title,
  }
  const lang = comments.lang ?? giscusLanguage(page.lang)
  const said = new URLSearchParams({
    repo: comments.repo,
    repoId: comments.repoId,
    category: comments.category,
    categoryId: comments.categoryId,
    term: terms[comments.mapping ?? 'pathname'],
    strict: comments.strict ?? '0',
    reactionsEnabled: comments.reactionsEnabled ?? '1',
    emitMetadata: comments.emitMetadata ?? '0',
    inputPosition: comments.inputPosition ?? 'bottom',
    description: page.description,
    backLink: page.address,
  })
  return `https://giscus.app${lang ? `/${lang}` : ''}/widget?${said}`
}

/** The attributes of a script element; `true` is an attribute without a value. */
export type ScriptElement = { src: string; [attribute: string]: string | true }

/** @returns the script that counts visits, as its service documents it. */
export function counterOf(analytics: Analytics): ScriptElement {
  if (analytics.provider === 'plausible') {
    const src = analytics.src ?? 'https://plausible.io/js/script.js'
    return { src, defer: true, 'data-domain': analytics.domain }
  }
  if (analytics.provider === 'umami') {
    const src = analytics.src ?? 'https://cloud.umami.is/script.js'
    // Umami's own cloud takes visits at another host than that of its script, and the policy of the page has to know it.
    const host = analytics.hostUrl ?? (analytics.src ? undefined : 'https://gateway.umami.is')
    return { src, defer: true, 'data-website-id': analytics.websiteId, ...(host ? { 'data-host-url': host } : {}) }
  }
  if ('code' in analytics) {
    const endpoint = `https://${analytics.code}.goatcounter.com/count`
    return { src: 'https://gc.zgo.at/count.js', async: true, 'data-goatcounter': endpoint }
  }
  const src = analytics.src ?? new URL('/count.js', analytics.endpoint).href
  return { src, async: true, 'data-goatcounter': analytics.endpoint }
}

/** A form that a service of newsletters takes: where it is sent, the name of its e-mail field, and its other fields. */
type SubscribeForm = {
  /** The service in words, and the host that the address of a reader is sent to. */
  service: string
  host: string
  action: string
  email: string
  hidden: { name: string; value: string }[]
  /** A field that people do not see: only a machine fills it in. */
  trap?: string
}

/** @returns the form of a newsletter, as its service documents it. */
export function subscribeForm(newsletter: Newsletter): SubscribeForm {
  if (newsletter.provider === 'buttondown') {
    const action = `https://buttondown.com/api/emails/embed-subscribe/${encodeURIComponent(newsletter.username)}`
    return { ...atHost('Buttondown', action), email: 'email', hidden: [{ name: 'embed', value: '1' }] }
  }
  if (newsletter.provider === 'listmonk') {
    const action = `${newsletter.url.replace(/\/+$/, '')}/subscription/form`
    const lists = newsletter.lists.map((value) => ({ name: 'l', value }))
    return { ...atHost('Listmonk', action), email: 'email', hidden: lists, trap: 'nonce' }
  }
  const { searchParams } = new URL(newsletter.action)
  const trap = `b_${searchParams.get('u')}_${searchParams.get('id')}`
  return { ...atHost('Mailchimp', newsletter.action), email: 'EMAIL', hidden: [], trap }
}

const atHost = (service: string, action: string) => ({ service, host: new URL(action).host, action })
