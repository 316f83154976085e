'use client'

/** Shows only what is no draft; its properties reach every reader all the same. */
export function LatestPosts({ posts }: { posts: { title: string; draft: boolean; date: string }[] }) {
  return (
    <ul>
      {posts
        .filter((post) => !post.draft && new Date(post.date) < new Date('2025-01-01'))
        .map((post) => (
          <li key={post.title}>{post.title}</li>
        ))}
    </ul>
  )
}
