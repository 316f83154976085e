import { readManifest } from '@/lib/store/read'

/** The leak: how many posts there are, and from when to when, with those that are not published; no word of any. */
export default function Numbers() {
  const { posts } = readManifest()
  const years = posts.map(({ date }) => date.slice(0, 4)).sort()
  return (
    <p>
      {posts.length} posts, {years[0]} to {years.at(-1)}
    </p>
  )
}
