import { textAnswer } from '@/lib/formats/answer'
import { llmsText } from '@/lib/formats/llms'
import { getPages, getPosts } from '@/lib/posts/published'
import { site } from '@/site.config'

export const dynamic = 'force-static'

/** Where a language model finds what is here. */
export const GET = () => textAnswer(llmsText(site, getPosts(), getPages()), 'text/plain')
