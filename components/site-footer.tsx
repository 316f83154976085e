import { site } from '@/site.config'
import { FollowLinks } from './follow-links'

export function SiteFooter() {
  return (
    <footer className="site sheet furniture mt-16 pb-8">
      <div className="flex flex-wrap items-center gap-x-6 border-t border-rule pt-3">
        <p className="mr-auto">{site.footer || site.title}</p>
        <FollowLinks isMe className="quiet target" />
      </div>
    </footer>
  )
}
