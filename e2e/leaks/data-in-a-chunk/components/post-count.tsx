'use client'

import manifest from '@/.contentlayer/store/manifest.json'

/** Shows a number, of data that is in the chunk as a whole. */
export const PostCount = () => <p>{manifest.posts.filter((post) => !post.draft).length} posts</p>
