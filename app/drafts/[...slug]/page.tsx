import '../../editors.css'
import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { EditorBar } from '@/components/editors/editor-bar'
import { PrintView } from '@/components/editors/print-view'
import { Proof, views } from '@/components/editors/proof'
import { PageFrame } from '@/components/page-frame'
import { PostArticle } from '@/components/post-article'
import { getDraft } from '@/lib/posts/drafts'
import { decode, postAddress } from '@/lib/site/address'

type Props = PageProps<'/drafts/[...slug]'>

async function find(params: Props['params']) {
  const slug = (await params).slug.map(decode).join('/')
  const found = (await getDraft(slug)) ?? notFound()
  if (found.published) redirect(postAddress(slug))
  return found
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { draft } = await find(params)
  return { title: `${draft.title} (${draft.status})`, robots: { index: false }, referrer: 'same-origin' }
}

export default async function DraftPage({ params, searchParams }: Props) {
  const { editor, draft, previous, next } = await find(params)
  const asked = (await searchParams).view
  const article = <PostArticle post={draft} authors={draft.byline} tags={draft.tagLinks} series={draft.place} />
  if (asked === 'sheet') return <PageFrame>{article}</PageFrame>
  if (asked === 'paper')
    return (
      <PageFrame>
        <div className="px-[10mm] py-[14mm]">
          <PrintView />
          {article}
        </div>
      </PageFrame>
    )
  return (
    <PageFrame>
      <EditorBar editor={editor} />
      <Proof draft={draft} view={views.find((view) => view === asked) ?? 'page'} previous={previous} next={next}>
        {article}
      </Proof>
    </PageFrame>
  )
}
