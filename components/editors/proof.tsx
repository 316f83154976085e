import type { ReactNode } from 'react'
import type { Draft, DraftSummary } from '@/lib/posts/drafts'
import { draftAddress, encodePath, postAddress } from '@/lib/site/address'
import { site } from '@/site.config'
import { DraftProblems } from './draft-problems'
import { Fact, GoesLive, LastChange, Length } from './facts'
import { PrintButton } from './print-view'

export const views = ['page', 'phone', 'dark', 'print'] as const
export type View = (typeof views)[number]

type Props = {
  draft: Draft
  view: View
  previous: DraftSummary | undefined
  next: DraftSummary | undefined
  /** The article, as it will be published. */
  children: ReactNode
}

/** A draft as a proof: its status, the facts that an editor needs, and the text between crop marks. */
export function Proof({ draft, view, previous, next, children }: Props) {
  return (
    <>
      <ProofHead draft={draft} view={view} />
      <div className="proof mt-[40px]" data-view={view}>
        <div className="crop marks no-print" aria-hidden="true" />
        {(view === 'phone' || view === 'print') && <h1 className="visually-hidden">{draft.title}</h1>}
        {view === 'phone' && (
          <iframe
            src={`${draftAddress(draft.slug)}?view=sheet`}
            title="The draft on a phone, 390 pixels wide"
            className="frame h-[844px] w-[390px]"
          />
        )}
        {view === 'print' && (
          <>
            <p className="no-print mb-3 text-center">
              <PrintButton frame="paper" />
            </p>
            <iframe
              id="paper"
              src={`${draftAddress(draft.slug)}?view=paper`}
              title="The draft on paper"
              className="frame h-[297mm] w-[210mm]"
            />
          </>
        )}
        {(view === 'page' || view === 'dark') && children}
      </div>
      <nav aria-label="Previous and next draft" className="no-print mt-6 grid gap-4 sm:grid-cols-2">
        {previous && <Neighbour label="Previous draft" draft={previous} />}
        {next && <Neighbour label="Next draft" draft={next} isLast />}
      </nav>
    </>
  )
}

const stamps = {
  draft: 'Proof, not published',
  scheduled: 'Proof, not published yet',
  expired: 'Proof, no longer published',
  unlisted: 'Proof of an unlisted post',
}

function ProofHead({ draft, view }: Pick<Props, 'draft' | 'view'>) {
  const { problems, changed, status, slug, file } = draft
  const { url, branch } = site.repository
  const path = encodePath(`content/${file}`)
  return (
    <section aria-label="Proof" className="rows no-print grid gap-5">
      <p className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <strong className="stamp font-normal">{stamps[status]}</strong>
        <span className="slug-line min-w-0 break-all">content/{file}</span>
      </p>
      <dl className="facts grid grid-cols-2 gap-x-8 gap-y-4 lg:grid-cols-[8rem_10rem_1fr_1fr]">
        <Fact name="Status">{status.charAt(0).toUpperCase() + status.slice(1)}</Fact>
        <Fact name="Length">
          <Length draft={draft} />
        </Fact>
        <Fact name={`Goes live (${site.timeZone})`}>
          <GoesLive draft={draft} />
        </Fact>
        {changed && (
          <Fact name="Last changed">
            <LastChange change={changed} />
          </Fact>
        )}
      </dl>
      {problems.length > 0 ? (
        <div>
          <h2 className="mb-2 font-sans text-sm leading-[1.25rem] font-semibold">
            {problems.length} {problems.length === 1 ? 'thing' : 'things'} to mend before it is published
          </h2>
          <DraftProblems problems={problems} />
        </div>
      ) : (
        <p className="furniture">The checks find nothing to mend.</p>
      )}
      <div className="furniture flex flex-wrap items-center gap-x-8 gap-y-3">
        <nav aria-label="View" className="views">
          <ul className="flex">
            {views.map((one) => (
              <li key={one}>
                <a
                  href={one === 'page' ? draftAddress(slug) : `${draftAddress(slug)}?view=${one}`}
                  aria-current={one === view ? 'true' : undefined}
                >
                  {one[0]?.toUpperCase()}
                  {one.slice(1)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {url && (
          <a href={`${url}/edit/${branch}/${path}`} rel="noopener noreferrer" className="target">
            Edit source
          </a>
        )}
        {status === 'unlisted' && (
          <a href={postAddress(slug)} className="target">
            Its public page
          </a>
        )}
      </div>
    </section>
  )
}

function Neighbour({ label, draft, isLast = false }: { label: string; draft: DraftSummary; isLast?: boolean }) {
  return (
    <p className={isLast ? 'sm:col-start-2 sm:text-right' : ''}>
      <span className="furniture block">{label}</span>
      <a href={draftAddress(draft.slug)} className="quiet text-lg leading-snug" lang={draft.lang}>
        {draft.title}
      </a>
    </p>
  )
}
