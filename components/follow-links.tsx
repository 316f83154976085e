import { sections } from '@/lib/site/sections.mjs'
import { site } from '@/site.config'

/** The owner's accounts elsewhere, and the feeds. `isMe` says that the accounts are the owner's (`rel="me"`), once on a page. */
export function FollowLinks({ isMe = false, className }: { isMe?: boolean; className: string }) {
  return (
    <ul className="flex flex-wrap gap-x-4">
      {site.social.map(({ label, href }) => (
        <li key={href}>
          <a href={href} rel={isMe ? 'me noopener' : 'noopener'} className={className}>
            {label}
          </a>
        </li>
      ))}
      <li>
        <a href={sections.feeds} className={className}>
          Feeds
        </a>
      </li>
    </ul>
  )
}
