import 'server-only'
import { yearOf } from '../site/dates'
import { openingOf } from './opening'
import { byYear, getPost, getPosts, type PostSummary, type Year } from './published'

/** As many posts as a reader looks through below the newest one. */
const ROWS = 8

/** What the front page shows. */
export type Front = {
  newest: PostSummary | undefined
  /** The first words of the newest post, as paragraphs of plain text. */
  opening: string[]
  /** The posts before it, by year. */
  years: Year[]
  /** The last of these years, when it has more posts than are shown, or other years come before it. */
  more: string | undefined
}

export async function getFront(): Promise<Front> {
  const [newest, ...rest] = getPosts()
  const post = newest && (await getPost(newest.slug))
  const years = byYear(rest.slice(0, ROWS), yearOf)
  return {
    newest,
    opening: post ? openingOf(post.html) : [],
    years,
    more: rest.length > ROWS ? years.at(-1)?.year : undefined,
  }
}
