import { expect, test } from '@playwright/test'
import { momentOf, momentsOf, rfc822, rfc3339 } from '../lib/formats/feed-dates'

const zones = [
  'Pacific/Pago_Pago',
  'America/Los_Angeles',
  'America/St_Johns',
  // Its clocks jump over midnight on 8 March 2026.
  'America/Havana',
  'Europe/Lisbon',
  'Asia/Kathmandu',
].concat('Asia/Tokyo', 'Pacific/Auckland', 'Pacific/Tongatapu', 'Pacific/Kiritimati')
const readers = ['Pacific/Honolulu', ...zones.slice(1, -1)]
const dayIn = (moment: Date, timeZone: string) =>
  new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(moment)
/** The midnight of a day, as the compiler keeps a date without a time. */
function midnight(day: string, timeZone: string): string {
  let at = Date.parse(`${day}T00:00:00Z`) - 15 * 3_600_000
  while (dayIn(new Date(at), timeZone) !== day) at += 15 * 60_000
  return new Date(at).toISOString()
}

test('a date without a time is that day on the site, in its own zone, and for readers from Hawaii to Tonga', () => {
  for (const zone of zones)
    for (const day of ['2026-01-15', '2026-03-08', '2026-03-29', '2026-07-14', '2026-10-25']) {
      const moment = momentOf(midnight(day, zone), zone)
      expect(dayIn(moment, zone), zone).toBe(day)
      expect(rfc3339(moment, zone).slice(0, 10), zone).toBe(day)
      if (!/Pago|Kiritimati/.test(zone))
        for (const reader of readers) expect(dayIn(moment, reader), `${zone} ${reader}`).toBe(day)
    }
})

test('a date is written in the zone of the site, and is the same moment', () => {
  const moment = new Date('2026-01-01T02:05:09Z')
  expect(rfc822(moment, 'America/St_Johns')).toBe('Wed, 31 Dec 2025 22:35:09 -0330')
  expect(rfc3339(moment, 'America/St_Johns')).toBe('2025-12-31T22:35:09-03:30')
  expect(rfc822(moment, 'Europe/Lisbon')).toBe('Thu, 01 Jan 2026 02:05:09 +0000')
  expect(Date.parse(rfc822(moment, 'Asia/Kathmandu'))).toBe(moment.getTime())
  expect(Date.parse(rfc3339(moment, 'Asia/Kathmandu'))).toBe(moment.getTime())
})

test('a feed sorted by its dates has the order of the list, also for posts of one day', () => {
  for (const zone of zones) {
    const start = midnight('2026-07-14', zone)
    const posts = [
      { slug: 'next', date: midnight('2026-07-15', zone) },
      { slug: 'evening', date: new Date(Date.parse(start) + 20 * 3_600_000).toISOString() },
      { slug: 'morning', date: new Date(Date.parse(start) + 8 * 3_600_000).toISOString() },
      { slug: 'b', date: start },
      { slug: 'a', date: start },
      { slug: 'before', date: midnight('2026-07-13', zone) },
    ]
    const moments = momentsOf(posts, zone)
    const sorted = posts
      .map(({ slug }) => [slug, moments.get(slug)?.getTime() ?? 0] as const)
      .sort((a, b) => b[1] - a[1])
    expect(
      sorted.map(([slug]) => slug),
      zone,
    ).toEqual(posts.map(({ slug }) => slug))
    expect(new Set(sorted.map(([, moment]) => moment)).size).toBe(posts.length)
    expect(moments.get('morning')?.toISOString()).toBe(posts[2]?.date)
    expect(moments.get('b') && dayIn(moments.get('b') as Date, zone)).toBe('2026-07-14')
  }
})
