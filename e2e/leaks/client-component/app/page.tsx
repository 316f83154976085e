import { readManifest } from '@/lib/store/read'
import { LatestPosts } from '../components/latest-posts'

/** The leak: a client component is given all posts, and shows a few. */
export default function Home() {
  return <LatestPosts posts={readManifest().posts} />
}
