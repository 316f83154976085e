import type { Look } from '@/lib/site/look'
import type { Analytics, Comments, Newsletter } from '@/lib/site/services'

/**
 * The facts about the test site (e2e/content). Code that imports `@/site.config` gets this file in the tests, because
 * `SITE_CONFIG` names it. Tests read the facts from here, so an owner may change anything in site.config.ts.
 */
export const site = {
  title: 'The Small Press',
  description: 'What the tests of a blog are printed on.',
  address: 'https://press.example',
  timeZone: 'Europe/Lisbon',
  language: 'en-GB',
  look: { hue: 25, paper: 'cream' } as Look,
  masthead: '',
  intro: 'We print what the tests need. Nobody reads it but them.',
  portrait: '',
  footer: 'Printed for tests.',
  repository: { url: 'https://git.example/press/blog', branch: 'trunk' },
  navigation: [
    { label: 'Blog', href: '/blog' },
    { label: 'Tags', href: '/tags' },
    { label: 'Archive', href: '/archive' },
    { label: 'About', href: '/about' },
  ],
  clientComponents: true,
  allow: {},
  social: [{ label: 'Git', href: 'https://git.example/press' }],
  postsPerPage: 20,
  feeds: { content: 'full' as 'full' | 'summary', limit: 20, hub: '' },
  robots: {
    disallow: {} as Record<string, string[]>,
    signals: { search: true } as { search?: boolean; 'ai-input'?: boolean; 'ai-train'?: boolean },
  },
  security: { contact: '' },
  cards: { fonts: [] as string[] },
  shortcuts: true,
  comments: false as Comments | false,
  analytics: false as Analytics | false,
  newsletter: false as Newsletter | false,
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
  ],
}
