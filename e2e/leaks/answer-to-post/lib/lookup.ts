import { readManifest } from '@/lib/store/read'

type Question = { about?: { tag?: string } }

/** The summaries of all posts with a tag, drafts or not. */
export const lookUp = ({ about = {} }: Question) =>
  readManifest()
    .posts.filter(({ tags }) => about.tag !== undefined && tags.includes(about.tag))
    .map(({ summary }) => summary)
