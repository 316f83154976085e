/** Renders one post with code in ts. This runs in its own process, where no other test has loaded a language. */
import { render } from '../lib/markdown/render'

const { html } = await render('posts/x.md', '```ts\nconst a = 1\n```\n\n```text\nplain\n```\n')
if (!html.includes('<span class="k">const</span>')) throw new Error(`not highlighted: ${html}`)
