import type { FeedLink } from '@/lib/formats/feed-lists'
import { blogFeeds } from '@/lib/site/address'
import { CountedLink } from './counted-link'
import { ListHeader } from './list-header'

const WHOLE = [
  { href: blogFeeds.rss, label: 'RSS', note: 'which every reader understands' },
  { href: blogFeeds.atom, label: 'Atom', note: 'the same, with the date of each change' },
  { href: blogFeeds.json, label: 'JSON Feed', note: 'the same, for programs' },
]

/** The page of feeds: what a feed is, those of the whole blog, and those of its parts. */
export function FeedList({ kinds }: { kinds: { kind: string; feeds: FeedLink[] }[] }) {
  return (
    <>
      <ListHeader title="Feeds">
        A feed brings new posts to you: give its address to a feed reader, and they appear there when they are
        published. It needs no account, and to stop you take the address out again.
      </ListHeader>
      <section aria-labelledby="everything" className="max-w-[37.5rem]">
        <h2 id="everything" className="text-3xl font-semibold">
          Everything
        </h2>
        <ul className="mt-2">
          {WHOLE.map(({ href, label, note }) => (
            <li key={href} className="py-0.5">
              <a href={href} className="quiet text-lg">
                {label}
              </a>
              <span className="furniture">, {note}</span>
            </li>
          ))}
        </ul>
      </section>
      {kinds.map(({ kind, feeds }) => (
        <section key={kind} aria-labelledby={kind.toLowerCase()} className="mt-8">
          <h2 id={kind.toLowerCase()} className="text-3xl font-semibold">
            {kind}
          </h2>
          <ul className="mt-2 columns-1 gap-x-12 sm:columns-2 lg:columns-3">
            {feeds.map(({ href, name, count }) => (
              <CountedLink key={href} className="text-lg" href={href} label={name} count={count} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
