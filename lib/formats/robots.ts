/** Who may crawl a site, and what for: `robots` of site.config.ts. */
export type Robots = { disallow: Record<string, string[]>; signals: Record<string, boolean | undefined> }

/** A crawler's product token (RFC 9309 §2.2.1), or `*`. */
const CRAWLER = /^([a-z_-]+|\*)$/i

/**
 * `robots.txt` (RFC 9309) with content signals (contentsignals.org). A crawler reads one group only, so each group has the signals.
 * Unpublished posts are not named: that would tell of them, and no crawler can read them.
 *
 * @param sitemaps whole addresses.
 * @throws when a name or a path in site.config.ts cannot be written, with what to write.
 */
export function robots({ disallow, signals }: Robots, sitemaps: string[]): string {
  const said = Object.entries(signals).flatMap(([use, is]) => (is === undefined ? [] : `${use}=${is ? 'yes' : 'no'}`))
  const group = (crawler: string, paths: string[]) => [
    `User-agent: ${crawler}`,
    ...(said.length > 0 ? [`Content-Signal: ${said.join(', ')}`] : []),
    ...(paths.length > 0 ? paths.map((path) => `Disallow: ${path}`) : ['Allow: /']),
    '',
  ]
  const { '*': everyone = [], ...others } = checked(disallow)
  const groups = [group('*', everyone), ...Object.entries(others).map(([crawler, paths]) => group(crawler, paths))]
  return `${[...groups.flat(), ...sitemaps.map((address) => `Sitemap: ${address}`)].join('\n')}\n`
}

function checked(disallow: Robots['disallow']): Robots['disallow'] {
  const all = Object.entries(disallow).map(([crawler, paths]) => {
    if (!CRAWLER.test(crawler))
      throw new Error(
        `site.config.ts: robots.disallow names the crawler "${crawler}". Write its name as it is in its own documentation: letters, "-" and "_", or "*" for all.`,
      )
    const wrong = paths.find((path) => !/^[/*]/.test(path) || /[\s#\p{Cc}]/u.test(path))
    if (wrong !== undefined)
      throw new Error(
        `site.config.ts: robots.disallow.${crawler} has the path "${wrong}". Write it from the root and without spaces: "/private".`,
      )
    // Other letters are encoded, a percent sign is one already (RFC 9309 §2.2.2).
    return [crawler, paths.map((path) => encodeURI(path).replaceAll('%25', '%'))] as const
  })
  return Object.fromEntries(all)
}
