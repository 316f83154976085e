/**
 * The suite of each file of tests. A file that is not named here is in `site`: promises shown in a browser, on the
 * bundle. `npm test` runs unit, server, drafts and site, without the tests that are tagged `@long`; `npm run test:all`
 * runs everything.
 */
const files = (...names: string[]) => names.map((name) => `**/${name}.spec.ts`)

/** Whether the long tests run too: `npm run test:all` sets it, and so does `npm test -- FILE`. */
export const isLong = !!process.env.TEST_ALL

export const suites = {
  /** Pure functions, markdown, content and settings: no browser and no server of the site. */
  unit: files(
    'cards',
    'check-site',
    'commands',
    'commonmark',
    'compiler',
    'container',
    'content',
    'feed-dates',
    'feed-posts',
    'feeds',
    'functions',
    'guessing',
    'house',
    'hosts',
    'light-page',
    'listing',
    'look',
    'machines',
    'metadata',
    'not-yet',
    'one-clock',
    'opening',
    'post-markdown',
    'random',
    'services',
    'search',
    'unit',
    'verifying',
  ),
  /** Sign-in, limits and operations, with a real Redis and a real OpenID provider. */
  server: files('limits', 'operations', 'providers', 'request-lines', 'settings', 'sign-in', 'stored'),
  /** The promise that no draft is public, in its quick form, on the test site's own build. */
  drafts: files('drafts', 'private', 'privacy'),
}

/** Only in `npm run test:all`: several instances, caches in front, other builds, measurements. */
export const longFiles = files(
  'bundle',
  'caddy',
  'contentlayer',
  'feed-schemas',
  'fleet',
  'leaks',
  'observatory',
  'promise',
  'proof',
  'site',
  'somebody',
  'vercel',
  'with-services',
  'withdrawn',
)
