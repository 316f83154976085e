import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { closestMatch } from 'leven'
import { originOf } from '../site/host.mjs'
import { contentDir } from '../store/paths'
import type { Problem } from '../store/types'

/** What a setting must be: gives the end of a sentence, `is not …`, and what to write, for a value that is something else. */
type Check = (value: unknown) => { is: string; write: string } | undefined

const check =
  (isRight: (value: unknown) => boolean, is: string, write: string): Check =>
  (value) =>
    isRight(value) ? undefined : { is, write }

const isLine = (value: unknown): value is string => typeof value === 'string' && !/[\p{Cc}\u2028\u2029]/u.test(value)
const isWords = (value: unknown): value is string => isLine(value) && value.trim() !== ''
const url = (value: unknown) => (isLine(value) && URL.canParse(value) ? new URL(value) : undefined)
const isWeb = (value: unknown) => /^https?:$/.test(url(value)?.protocol ?? '')
const isCount = (value: unknown) => Number.isInteger(value) && Number(value) > 0
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const words = check(isWords, 'is no line of words', "Write some, on one line: 'Words'.")
const line = check(isLine, 'is no line of text', "Write one line, or nothing: ''.")
const web = check(isWeb, 'is no web address', 'Write it with https://.')
const secure = check(
  (value) => url(value)?.protocol === 'https:',
  'is no address with https',
  'Write it with https://.',
)
const object = check(isObject, 'is no object', 'Write {}, or its parts between { and }.')
const yes = check((value) => typeof value === 'boolean', 'is neither yes nor no', 'Write true or false.')
const count = check(isCount, 'is no whole number of 1 or more', 'Write one, such as 20.')
const route = check(
  (value) => isLine(value) && value.startsWith('/'),
  'is no path',
  "Begin it with a slash: '/drafts'.",
)
const binary = oneOf('0', '1')

/** @returns a check that takes nothing, too: `''` or no value at all. */
const or =
  (nothing: '' | undefined, one: Check): Check =>
  (value) =>
    value === nothing ? undefined : one(value)

function oneOf(...choices: string[]): Check {
  const list = choices.map((choice) => `'${choice}'`).join(' or ')
  return check((value) => choices.includes(value as string), 'is none of its values', `Write ${list}.`)
}

/** An address as a browser names the origin of it: no slash at its end, no path, no capitals. */
const origin: Check = (value) => {
  const found = isWeb(value) ? url(value)?.origin : undefined
  if (found === value) return undefined
  const write = found ? `Write ${found}.` : 'Write it like https://blog.example, without a slash at the end.'
  return { is: 'is not the address of a site', write }
}

const timeZone: Check = (value) => {
  if (isWords(value) && canFormat('en', value)) return undefined
  const zones = Intl.supportedValuesOf('timeZone')
  const asked = String(value).toLowerCase().replaceAll(' ', '_')
  const near = zones.find((zone) => zone.toLowerCase().endsWith(`/${asked}`)) ?? closestMatch(String(value), zones)
  return { is: 'is not a time zone', write: `Write its IANA name, such as ${near ?? 'Europe/Lisbon'}.` }
}

const language = check(
  (value) => isWords(value) && canFormat(value, 'UTC'),
  'is not a language tag (BCP 47)',
  'Write one like en or pt-BR.',
)

function canFormat(tag: string, zone: string): boolean {
  try {
    new Intl.DateTimeFormat(tag, { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** A path of the site, or an address that can be opened elsewhere. */
const link = check(
  (value) =>
    isLine(value) && (/^\/(?!\/)/.test(value) || !/^(javascript|data|vbscript|):$/.test(url(value)?.protocol ?? ':')),
  'is no link',
  "Write a path of this site, '/about', or a whole address.",
)

const contact = check(
  (value) => /^(mailto|https):$/.test(url(value)?.protocol ?? ''),
  'is no way to reach you',
  "Write 'mailto:ines@blog.example' or an address with https://.",
)

const host = check(
  (value) => isLine(value) && originOf(`https://${value}`) === `https://${value}`,
  'is no host',
  "Write its name alone: 'youtube.com'.",
)

const code = check(
  (value) => isLine(value) && /^[a-z\d-]+$/i.test(value),
  'is no code',
  "Write what stands before .goatcounter.com: 'press'.",
)

const hue = check(
  (value) => typeof value === 'number' && value >= 0 && value < 360,
  'is no hue',
  'Write degrees from 0 to 359: 25 is red, 145 green, 250 blue.',
)

const picture: Check = (value) => {
  if (isWeb(value)) return undefined
  const isFile = isLine(value) && value.startsWith('/') && existsSync(path.join('public', value))
  return isFile ? undefined : { is: 'is no picture in public/', write: "Write its path from there: '/ines.jpg'." }
}

const fonts: Check = (value) => {
  const isName = isWords(value) && /^(@[\w.-]+\/)?[\w.-]+$/.test(value)
  if (!isName) return { is: 'is not the name of a package', write: "Write one such as '@fontsource/noto-sans-jp'." }
  const isThere = existsSync(path.join('node_modules', value, 'package.json'))
  return isThere ? undefined : { is: 'is not installed', write: `Run npm install ${value}.` }
}

const mailchimp = check(
  (value) => url(value)?.protocol === 'https:' && ['u', 'id'].every((name) => url(value)?.searchParams.get(name)),
  'is not the address of a Mailchimp form',
  'Copy the "action" of the form that Mailchimp makes, which has u= and id= in it.',
)

/** Settings of an object, by their names. */
type Shape = { [setting: string]: Check | Shape | [Check | Shape] }

const services: Record<string, { [provider: string]: Shape }> = {
  comments: {
    giscus: {
      repo: check(
        (value) => isLine(value) && /^[\w.-]+\/[\w.-]+$/.test(value),
        'is no repository',
        "Write its owner and its name: 'ines/blog'.",
      ),
      repoId: words,
      category: words,
      categoryId: words,
      mapping: or(undefined, oneOf('pathname', 'url', 'title', 'og:title')),
      strict: or(undefined, binary),
      reactionsEnabled: or(undefined, binary),
      emitMetadata: or(undefined, binary),
      inputPosition: or(undefined, oneOf('top', 'bottom')),
      lang: or(undefined, language),
      loading: or(undefined, oneOf('lazy')),
    },
  },
  analytics: {
    plausible: { domain: words, src: or(undefined, secure) },
    umami: { websiteId: words, src: or(undefined, secure), hostUrl: or(undefined, secure) },
    goatcounter: { code: or(undefined, code), endpoint: or(undefined, secure), src: or(undefined, secure) },
  },
  newsletter: {
    buttondown: { username: words },
    listmonk: { url: secure, lists: [words] },
    mailchimp: { action: mailchimp },
  },
}

const shape: Shape = {
  title: words,
  description: line,
  look: { hue, paper: oneOf('white', 'cream', 'grey') },
  masthead: or(undefined, line),
  intro: or(undefined, line),
  portrait: or(undefined, or('', picture)),
  footer: or(undefined, line),
  address: origin,
  timeZone,
  language,
  repository: { url: or('', web), branch: line },
  navigation: [{ label: words, href: link }],
  clientComponents: yes,
  allow: object,
  social: [{ label: words, href: link }],
  postsPerPage: count,
  robots: { disallow: object, signals: object },
  feeds: { content: oneOf('full', 'summary'), limit: count, hub: or('', web) },
  security: { contact: or('', contact) },
  cards: { fonts: [fonts] },
  shortcuts: yes,
  embeds: [host],
}

const siteFile = process.env.SITE_CONFIG || 'site.config.ts'

/** What stands in for settings without which no document can be read. */
const standIns = {
  address: 'https://blog.invalid',
  timeZone: 'UTC',
  language: 'en',
  postsPerPage: 20,
  embeds: [],
  look: { hue: 250, paper: 'white' },
}

/**
 * Checks the facts about the site, of which TypeScript sees only the form, and a build not even that.
 *
 * @param facts as `site.config.ts` exports them.
 * @param file where they are written, for the lines of the problems.
 * @returns every problem, and values in place of those that would end a compilation before it could say anything.
 */
export function checkSite(facts: object, file = siteFile) {
  const site: Record<string, unknown> = { ...facts }
  const problems: Problem[] = []
  const unfit = new Set<string | undefined>()
  const wrong = (setting: string[], message: string) => {
    unfit.add(setting[0])
    problems.push({ ...placeOfSetting(setting, file), severity: 'error', message })
  }

  const look = (value: unknown, expected: Shape[string], setting: string[]): void => {
    const called = `"${setting.join('.')}"`
    if (typeof expected === 'function') {
      const found = expected(value)
      if (found && value === undefined) wrong(setting, `${called} is missing. ${found.write}`)
      else if (found) wrong(setting, `${called} ${found.is}: ${JSON.stringify(value)}. ${found.write}`)
    } else if (Array.isArray(expected)) {
      if (!Array.isArray(value)) wrong(setting, `${called} is no list. Write [], or its parts between [ and ].`)
      else for (const [at, one] of value.entries()) look(one, expected[0], [...setting, String(at + 1)])
    } else if (!isObject(value)) {
      wrong(setting, `${called} is missing its settings. Write { ${Object.keys(expected).join(', ')} }.`)
    } else for (const [key, inner] of Object.entries(expected)) look(value[key], inner, [...setting, key])
  }
  for (const [setting, expected] of Object.entries(shape)) look(site[setting], expected, [setting])

  const { disallow, signals } = isObject(site.robots) ? site.robots : {}
  for (const [crawler, paths] of Object.entries(Object(disallow))) {
    look(crawler, words, ['robots', 'disallow'])
    look(paths, [route], ['robots', 'disallow', crawler])
  }
  for (const [signal, value] of Object.entries(Object(signals))) {
    look(signal, oneOf('search', 'ai-input', 'ai-train'), ['robots', 'signals'])
    look(value, yes, ['robots', 'signals', signal])
  }

  for (const [service, providers] of Object.entries(services)) {
    const value = site[service]
    if (value === false || value === undefined) continue
    const { provider } = Object(value)
    const expected = providers[provider]
    if (!expected) {
      look(provider, oneOf(...Object.keys(providers)), [service, 'provider'])
      continue
    }
    look(value, expected, [service])
    const { code: named, endpoint } = Object(value)
    if (provider === 'goatcounter' && (named === undefined) === (endpoint === undefined))
      wrong(
        [service],
        '"analytics" needs a code of goatcounter.com, or the endpoint of your own server. Write one of the two.',
      )
  }

  const unread = Object.entries(standIns).filter(([setting]) => unfit.has(setting))
  return { problems, instead: Object.fromEntries(unread) }
}

/**
 * Where a setting is written: the first line that names it, after the line of the setting that it is in. The line is 1 when it is not
 * written as we write it.
 *
 * @param setting the names that lead to it: `['cards', 'fonts']`.
 */
export function placeOfSetting(setting: string[], file = siteFile): Pick<Problem, 'file' | 'line'> {
  const lines = readFileSync(file, 'utf8').split('\n')
  let at = -1
  for (const name of setting) {
    if (/^\d+$/.test(name)) continue
    const next = lines.findIndex((text, number) => number >= Math.max(at, 0) && hasName(text, name))
    if (next < 0) break
    at = next
  }
  return { file: path.relative(contentDir, file).split(path.sep).join('/'), line: Math.max(at, 0) + 1 }
}

const hasName = (text: string, name: string) =>
  !/^\s*(\/?\*|\/\/)/.test(text) &&
  [`${name}:`, `'${name}':`].some((key) => ` ${text.trim()}`.replaceAll('{', ' ').includes(` ${key}`))
