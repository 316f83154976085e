// npm run new -- "Title" [category]: writes a draft with today's date.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, stop } from './steps.mjs'

const [title = '', category = ''] = process.argv.slice(2)
if (!title.trim()) stop('What is it called? Write npm run new -- "The title", and a category after it if you like.')

/** The end of the address: letters and digits of any script, joined by dashes. */
const slug = title
  .normalize('NFC')
  .toLowerCase()
  .replace(/['’]/g, '')
  .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
  .replace(/^-+|-+$/g, '')
if (!slug) stop(`"${title}" has no letter or digit to make a file name of. Give it a title with some.`)
if (category && !/^[\p{L}\p{N}_-]+$/u.test(category))
  stop(`"${category}" cannot be a category. Use letters, digits and dashes.`)

const now = new Date()
const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  .map((part) => String(part).padStart(2, '0'))
  .join('-')
const file = path.join(process.env.CONTENT_DIR ?? 'content', 'posts', category, `${slug}.md`)
const target = path.resolve(root, file)
if (existsSync(target)) stop(`${file} is there already. Choose another title, or go on writing that one.`)
mkdirSync(path.dirname(target), { recursive: true })
writeFileSync(
  target,
  `---\ntitle: ${JSON.stringify(title.trim())}\nsummary: ""\ndate: ${today}\ntags: []\nauthors: [default]\ndraft: true\n---\n\n`,
  { flag: 'wx' },
)
console.log(
  `${file}\nIt is a draft: editors see it at /drafts/${category ? `${category}/` : ''}${slug}, and nobody else does until you take out the line "draft: true".`,
)
