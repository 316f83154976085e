// Symbolic links in content/ and public/. It is apart from paths.ts, since servers import that and have no content folder.
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { contentDir } from './paths'

/** Whether a path is below a folder. */
export const isInside = (file: string, folder: string) => file.startsWith(folder + path.sep)

/** Whether a path within a folder has a name in it that begins with a dot: `.git/config`, `.trash/a.md`. */
export const isHidden = (place: string) => place.split(path.sep).some((name) => /^\.(?!\.?$)/.test(name))

/** Whether a file is the source of a document, by its name. */
export const isSource = (file: string) => /\.(?:mdx?|markdown)$/i.test(file)

/** A symbolic link that is not followed, and why not: the end of a sentence about it. */
export type RefusedLink = { link: string; why: string }

/**
 * Finds the symbolic links in a folder that must not be followed. It also looks into the folders that the other links lead to, as the
 * compiler does. The folder may be a link itself.
 *
 * @param reason says why a link is refused, by the real path of its target.
 */
function linksIn(
  folder: string,
  reason: (real: string, link: string, isFolder: boolean) => string | undefined,
): RefusedLink[] {
  if (!existsSync(folder)) return []
  const refused: RefusedLink[] = []
  const walk = (below: string, above: string[]) => {
    const within = [...above, realpathSync(below)]
    const whyNot = (link: string) => {
      if (!existsSync(link)) return 'leads to nothing'
      const real = realpathSync(link)
      const isFolder = statSync(real).isDirectory()
      const why = reason(real, link, isFolder)
      if (why || !isFolder) return why
      if (within.some((one) => one === real || isInside(one, real))) return 'leads to a folder that it is in'
      walk(link, within)
    }
    for (const entry of readdirSync(below, { withFileTypes: true })) {
      const link = path.join(below, entry.name)
      if (entry.isDirectory()) walk(link, within)
      const why = entry.isSymbolicLink() ? whyNot(link) : undefined
      if (why) refused.push({ link, why })
    }
  }
  walk(folder, [])
  return refused
}

/**
 * The documents and folders of a content folder that are links out of it, or in a circle. Pictures and other files are judged
 * where a document shows them (lib/markdown/media/media.ts).
 */
export function refusedInContent(content = contentDir): RefusedLink[] {
  const root = existsSync(content) ? realpathSync(content) : content
  return ['posts', 'authors', 'pages'].flatMap((section) => {
    const folder = path.join(content, section)
    const why = existsSync(folder) ? whyNotBelow(realpathSync(folder), root) : undefined
    if (why) return [{ link: folder, why }]
    return linksIn(folder, (real, link, isFolder) => {
      // A link to the content folder itself is a circle, which `linksIn` says.
      if (real === root || (!isFolder && !isSource(link))) return undefined
      return whyNotBelow(real, root)
    }).filter(({ link, why }) => why !== 'leads to nothing' || isSource(link))
  })
}

function whyNotBelow(real: string, root: string): string | undefined {
  if (!isInside(real, root)) return 'leads out of the content folder'
  return isHidden(path.relative(root, real)) ? 'leads to what is hidden by a dot' : undefined
}

/** The links in `public/` that lead to the content folder, to a hidden file, or out of the project. Every file of `public/` is served. */
export function refusedInPublic(root = path.resolve('.'), content = contentDir): RefusedLink[] {
  const [project, words] = [root, content].map((folder) => (existsSync(folder) ? realpathSync(folder) : folder))
  return linksIn(path.join(root, 'public'), (real) => {
    if (real === words || isInside(real, words ?? '') || isInside(words ?? '', real))
      return 'leads to the content folder'
    const place = path.relative(project ?? '', real)
    if (place.split(path.sep).includes('node_modules')) return undefined
    if (!isInside(real, project ?? '')) return 'leads out of the project'
    return isHidden(place) ? 'leads to what is hidden by a dot' : undefined
  })
}
