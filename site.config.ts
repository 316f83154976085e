import type { Look } from '@/lib/site/look'
import type { Analytics, Comments, Newsletter } from '@/lib/site/services'

type Link = { label: string; href: string }

/** The facts about this site, each spelled once. Everything here is public. A list may be empty. */
export const site = {
  title: 'Galley',
  description: 'Notes on building small, sturdy things for the web, written in markdown and kept in git.',
  /** Where the site is published, without a slash at the end. */
  address: 'https://galley.example',
  /** IANA name. Dates in front matter are in this zone, and so are the dates readers see. */
  timeZone: 'Europe/Lisbon',
  /** BCP 47. */
  language: 'en-GB',
  /** The pencil's hue in degrees of OKLCH (25 is red, 145 green, 250 blue), and the paper. Contrast is kept, whatever you choose. */
  look: { hue: 250, paper: 'white' } as Look,
  /** What stands at the head of every page instead of the title. */
  masthead: '',
  /** Two sentences about who writes here, and a picture in public/: both are in the margin of the front page. Leave them empty to show nothing. */
  intro:
    'I build the front of things, and write down on Sundays what went wrong with them. Before that I set type in metal, slowly.',
  portrait: '/authors/ines.svg',
  /** The line at the foot of every page, instead of the title. */
  footer: '',
  /** For "view source" and "report a problem"; leave `url` empty to show neither. */
  repository: { url: 'https://github.com/galley-blog/galley', branch: 'main' },
  navigation: [
    { label: 'Writing', href: '/blog' },
    { label: 'Subjects', href: '/tags' },
    { label: 'About', href: '/about' },
  ] as Link[],
  /**
   * Whether a page may have React components with 'use client'. Such a page, and no other, loads the framework: about 140 kB of
   * script, which the build says. With `false` the build refuses it.
   */
  clientComponents: true,
  /**
   * Hosts that scripts of yours need besides the one they come from, by directive of the content security policy:
   * `{ 'connect-src': ['https://stats.example'] }`.
   */
  allow: {} as Record<string, string[]>,
  social: [{ label: 'GitHub', href: 'https://github.com/galley-blog/galley' }] as Link[],
  postsPerPage: 20,
  /** Feeds have whole posts ('full') or their summaries, the newest `limit` of them. `hub` is the address of a WebSub hub, if you have one. */
  feeds: { content: 'full' as 'full' | 'summary', limit: 20, hub: '' },
  robots: {
    /** Paths that a crawler is asked not to read, by its name; '*' is every crawler: `{ GPTBot: ['/'] }`. */
    disallow: {} as Record<string, string[]>,
    /** What may be done with your words (contentsignals.org): shown by a search, used for an answer of an AI, used to train one. */
    signals: { search: true } as { search?: boolean; 'ai-input'?: boolean; 'ai-train'?: boolean },
  },
  /** Where to report a hole, for /.well-known/security.txt: 'mailto:…' or 'https://…'. Without it there is no such file. */
  security: { contact: '' },
  /**
   * Packages of Fontsource for letters that our fonts lack, for the cards that other sites show beside a link:
   * '@fontsource-variable/noto-serif-jp'. Ours have Latin, Greek and Cyrillic.
   */
  cards: { fonts: [] as string[] },
  /** Whether the key "/" opens the search. */
  shortcuts: true,
  /** Comments under posts, by giscus: `{ provider: 'giscus', repo, repoId, category, categoryId }`, as https://giscus.app shows them. */
  comments: false as Comments | false,
  /** Who counts visits: `{ provider: 'plausible', domain }`, `{ provider: 'umami', websiteId }` or `{ provider: 'goatcounter', code }`. */
  analytics: false as Analytics | false,
  /** A form at the end of posts: `{ provider: 'buttondown', username }`, `{ provider: 'listmonk', url, lists }` or `{ provider: 'mailchimp', action }`. */
  newsletter: false as Newsletter | false,
  /**
   * Hosts whose videos, posts and pens may be shown in a post: as a card, which asks nothing of the host before a reader
   * clicks. `youtube.com` stands for `youtu.be` too, `x.com` for `twitter.com`; any host may be a Mastodon server, or one whose
   * frames you trust. What is not here stays a link.
   */
  embeds: [
    'youtube.com',
    'vimeo.com',
    'x.com',
    'bsky.app',
    'codepen.io',
    'gist.github.com',
    'mastodon.social',
    'fosstodon.org',
    'hachyderm.io',
  ] as string[],
}
