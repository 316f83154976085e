import type { DraftSummary, Filter } from '@/lib/posts/drafts'
import { draftAddress } from '@/lib/site/address'
import { sections } from '@/lib/site/sections.mjs'
import { site } from '@/site.config'
import { DraftProblems } from './draft-problems'
import { Fact, GoesLive, LastChange, Length } from './facts'

type Option = { value: string; label: string }
type Props = { drafts: DraftSummary[]; total: number; authors: Option[]; tags: Option[]; filter: Filter }

const groups = [
  { status: 'draft', title: 'Drafts' },
  { status: 'scheduled', title: 'Scheduled' },
  { status: 'expired', title: 'Expired' },
  { status: 'unlisted', title: 'Unlisted' },
] as const

/** All posts that are not published, by status, the newest edit first. */
export function Desk({ drafts, total, authors, tags, filter }: Props) {
  const isFiltered = Boolean(filter.text || filter.author || filter.tag)
  if (total === 0) return <NothingYet />
  return (
    <>
      <FilterForm authors={authors} tags={tags} filter={filter} />
      <p className="furniture mb-6" role="status">
        {isFiltered ? `${drafts.length} of ${total} fit.` : `${total} not published.`} Times are in {site.timeZone}.{' '}
        {isFiltered && <a href={sections.drafts}>Show all</a>}
      </p>
      <div className="grid gap-8">
        {groups.map(({ status, title }) => {
          const inGroup = drafts.filter((draft) => draft.status === status)
          if (inGroup.length === 0) return null
          return (
            <section key={status} aria-labelledby={status}>
              <h2 id={status} className="flex items-baseline gap-2 border-b border-ink pb-1 text-xl font-semibold">
                {title} <span className="furniture figures">{inGroup.length}</span>
              </h2>
              <ol>
                {inGroup.map((draft) => (
                  <Row key={draft.file} draft={draft} />
                ))}
              </ol>
            </section>
          )
        })}
      </div>
    </>
  )
}

function Row({ draft }: { draft: DraftSummary }) {
  const { title, slug, lang, excerpt, authorNames, tags, changed, problems } = draft
  return (
    <li className="grid gap-x-6 gap-y-2 border-b border-rule py-3 lg:grid-cols-[minmax(0,1fr)_19rem]">
      <div className="min-w-0">
        <h3 className="text-lg font-semibold leading-snug" lang={lang}>
          <a href={draftAddress(slug)} className="quiet">
            {title}
          </a>
        </h3>
        {excerpt && (
          <p className="mt-0.5 line-clamp-2 text-soft" lang={lang}>
            {excerpt}
          </p>
        )}
        <p className="furniture figures mt-1 flex flex-wrap gap-x-3">
          <span>{authorNames.join(', ')}</span>
          <span>
            <Length draft={draft} />
          </span>
          {tags.length > 0 && <span>{tags.map((tag) => `#${tag}`).join(' ')}</span>}
        </p>
        {problems.length > 0 && (
          <div className="mt-2">
            <DraftProblems problems={problems} />
          </div>
        )}
      </div>
      <dl className="facts rows grid content-start gap-1 max-lg:grid-cols-2">
        <Fact name="Goes live">
          <GoesLive draft={draft} />
        </Fact>
        {changed && (
          <Fact name="Last changed">
            <LastChange change={changed} />
          </Fact>
        )}
      </dl>
    </li>
  )
}

function FilterForm({ authors, tags, filter }: Pick<Props, 'authors' | 'tags' | 'filter'>) {
  return (
    <form
      action={sections.drafts}
      className="mb-3 grid grid-cols-2 items-end gap-2 font-sans lg:grid-cols-[1fr_12rem_12rem_auto]"
    >
      <label className="max-lg:col-span-2">
        <span className="furniture">Words</span>
        <input type="search" name="text" defaultValue={filter.text} className="field" />
      </label>
      <Choice name="author" label="Author" all="Everybody" options={authors} chosen={filter.author} />
      <Choice name="tag" label="Tag" all="Any" options={tags} chosen={filter.tag} />
      <button type="submit" className="button plain max-lg:col-span-2">
        Filter
      </button>
    </form>
  )
}

function Choice({
  name,
  label,
  all,
  options,
  chosen,
}: {
  name: string
  label: string
  all: string
  options: Option[]
  chosen: string
}) {
  return (
    <label>
      <span className="furniture">{label}</span>
      <select name={name} defaultValue={chosen} className="field">
        <option value="">{all}</option>
        {options.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

function NothingYet() {
  return (
    <div className="max-w-[38rem]">
      <p className="text-lg">Every post that is written is published. To begin a new one:</p>
      <pre className="mt-3 overflow-x-auto bg-panel px-3 py-2 font-mono text-sm">npm run new -- "The title"</pre>
      <p className="mt-3 text-soft">
        That writes a file with <code>draft: true</code> in <code>content/posts</code>. Compiled (by{' '}
        <code>npm run dev</code>, or with the next build), it is here, set as it will appear.
      </p>
    </div>
  )
}
