import { createHash } from 'node:crypto'
import { existsSync, readdirSync, type Stats, watch as watchFolder } from 'node:fs'
import { link, mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { type FieldDef, renderTypes, type SchemaDef } from '@contentlayer2/core'
import makeSource from '../../contentlayer.config'
import { site } from '../../site.config'
import { ifRefused, statOf } from '../markdown/media/media'
import { reasonAgainst } from '../markdown/plugins/hosts'
import { hasOddHost } from '../site/host.mjs'
import type { Manifest } from '../store/manifest'
import { askedFile, bodyFile, contentDir, manifestFile, mediaDir, mediaFile, pictureFile } from '../store/paths'
import { type Dated, nextChange, statusOf } from '../store/status'
import { isHidden, refusedInContent, refusedInPublic } from '../store/symlinks'
import type { Change, Problem } from '../store/types'
import { copyWhole, replaceFile } from '../store/write'
import { makeAssets } from './assets'
import { compileBody, compiledBody, isFresh } from './bodies'
import { checkLinks, type LinkedDocument } from './check-links'
import { type CheckedPost, checkTogether } from './check-posts'
import { readSource, type Schema, type Source, unreadSource } from './front-matter'
import { lastChanges } from './git-history'
import { keptBackFromAbove } from './not-yet'
import { type Document, type Documents, readSchema, runContentlayer } from './schema'

/** What a compilation gives: every problem, by file and line, and how many documents there are. */
export type Compiled = { problems: Problem[]; documents: number }

/**
 * Compiles `content/` into the store with Contentlayer's engine. Contentlayer parses and types the documents; it reads
 * them through `readChecked`, so what it gets has been checked, and one bad file cannot hide another.
 *
 * @param onCompiled is told of the first compilation and, when watching, of each later one.
 * @param options.watch goes on until the process ends, and is told what goes wrong with a save; without it, one compilation is all.
 * @param options.strict writes nothing when there is an error.
 */
export async function compile(onCompiled: (compiled: Compiled) => void, options: Options = {}) {
  if (!existsSync(contentDir)) throw new Error(`There is no folder ${contentDir}. Posts belong in its "posts" folder.`)
  const plugin = await makeSource(undefined)
  const sources = new Map<string, Source>()
  const schema = await readSchema(plugin)
  const generationOptions = { sourcePluginType: plugin.type, options: plugin.options }
  await replaceFile('.contentlayer/generated/index.d.ts', renderTypes({ schemaDef: schema, generationOptions }))

  let latest: Documents = {}
  /** Asked of git once for each file, and again when it has been saved. */
  const changes = new Map<string, Change | undefined>()
  const finish = async () => {
    const unasked = unpublished(latest).filter((file) => !changes.has(file))
    const found = await lastChanges(contentDir, unasked)
    for (const file of unasked) changes.set(file, found.get(file))
    onCompiled(await store(latest, sources, changes, options))
    if (watchParts) watchParts([...sources.keys()].flatMap(partsOf))
  }
  let queue: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }
  const { watch } = options
  const watchParts =
    watch &&
    watchFiles(() =>
      inTurn(async () => {
        const touched = [...sources].filter(([file]) => !isFresh(compiledBody(file)))
        for (const [file, source] of touched) await compileBody(file, asText(source))
        if (touched.length > 0) await finish()
      }).catch(watch),
    )
  const read = async (file: string) => {
    // When watching, Contentlayer takes every file for a document.
    if (!/\.mdx?$/.test(file)) return ''
    const relative = path.relative(contentDir, file).split(path.sep).join('/')
    const source = await readDocument(file, relative, schema)
    const text = asText(source)
    await compileBody(relative, text)
    sources.set(relative, source)
    changes.delete(relative)
    return text
  }
  const onDocuments = (documents: Documents) =>
    inTurn(async () => {
      latest = documents
      for (const file of sources.keys()) if (!documents[file]) sources.delete(file)
      await finish()
    })
  await runContentlayer(plugin, schema, read, onDocuments, watch)
}

type Options = { watch?: (error: unknown) => void; strict?: boolean }

/** Reads a document. A link to a file outside the content folder is not followed, and a link to a draft is a draft. */
async function readDocument(file: string, relative: string, schema: SchemaDef): Promise<Source> {
  if (!statOf(file)?.isFile()) return readChecked(relative, undefined, schema)
  const place = path.relative(await realpath(contentDir), await realpath(file))
  if (place.startsWith('..') || path.isAbsolute(place) || (isHidden(place) && !isHidden(relative))) {
    const source = readChecked(relative, '---\n---\n', schema)
    // `store` names the link as a problem.
    return { ...source, fields: { ...source.fields, draft: true }, problems: [] }
  }
  const text = await readFile(file, 'utf8').catch(ifRefused)
  const source = readChecked(relative, text, schema)
  const real = place.split(path.sep).join('/')
  if (real === relative) return source
  const there = readChecked(real, text, schema)
  return there.fields.draft === true ? { ...source, fields: { ...source.fields, draft: true } } : source
}

function readChecked(file: string, text: string | undefined, schema: SchemaDef): Source {
  const above = keptBackFromAbove(file, contentDir, site.timeZone)
  const type = schemaOf(file, schema)
  const source = text === undefined ? unreadSource(file, type) : readSource(file, text, type, site.timeZone, above)
  if (source.type === 'Post') {
    const named = source.fields.slug as string | undefined
    source.fields.slug = (named || file.replace(/^posts\//, '').replace(/(\/index)?\.mdx?$/, ''))
      .normalize('NFC')
      .replace(/^\/+|\/+$/g, '')
  }
  return source
}

/** Posts, authors and pages are told apart by their folder. */
function schemaOf(file: string, schema: SchemaDef): Schema {
  const name = file.startsWith('authors/') ? 'Author' : file.startsWith('pages/') ? 'Page' : 'Post'
  const type = schema.documentTypeDefMap[name]
  if (!type) throw new Error(`Contentlayer's schema has no ${name}.`)
  const nested = (field: FieldDef) =>
    field.type === 'nested' ? (schema.nestedTypeDefMap[field.nestedTypeName]?.fieldDefs ?? []) : []
  return { name, fields: type.fieldDefs, nested }
}

/** The file with its front matter as JSON (which is YAML), on as many lines as it had, so that the body's lines stay. */
function asText({ fields, body, bodyLine }: Source): string {
  return `---\n${JSON.stringify(fields)}${'\n'.repeat(Math.max(1, bodyLine - 3))}---\n${body}`
}

/** What has the name of a document and is none: pipes and the like. Links are looked at by themselves, and what is hidden is no content. */
function skipped(documents: Documents): Problem[] {
  // Only with the types of files does Node.js not go through links. Before 20.12 it calls `parentPath` `path`.
  const namesIn = (folder: string) =>
    (statOf(folder)?.isDirectory() ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []).map((entry) =>
      path.relative(folder, path.join(entry.parentPath ?? (entry as unknown as { path: string }).path, entry.name)),
    )
  return ['posts', 'authors', 'pages'].flatMap((folder) =>
    namesIn(path.join(contentDir, folder))
      .map((name) => path.posix.join(folder, ...String(name).split(path.sep)))
      .filter((file) => /\.mdx?$/.test(file) && !documents[file] && !/(^|\/)\./.test(file))
      .filter((file) => isPipe(statOf(path.join(contentDir, file))))
      .map((file) => unreadSource(file).problems[0] as Problem),
  )
}

const isPipe = (stat: Stats | undefined) => stat !== undefined && !stat.isFile() && !stat.isDirectory()

/** Writes the manifest of a compilation, unless it is strict and something is wrong. */
async function store(
  documents: Documents,
  sources: Map<string, Source>,
  changes: Map<string, Change | undefined>,
  { strict, watch }: Options,
): Promise<Compiled> {
  const items = Object.entries(documents)
  const problems = new Map<string, Problem[]>()
  const add = (found: Problem[]) => {
    for (const problem of found) problems.set(problem.file, [...(problems.get(problem.file) ?? []), problem])
  }
  /** What is wrong with a draft stops nobody. */
  const lowered = (found: Problem[]) =>
    found.map((problem) =>
      sources.get(problem.file)?.fields.draft === true ? { ...problem, severity: 'warning' as const } : problem,
    )
  for (const { link, why } of [...refusedInContent(), ...refusedInPublic()]) {
    const file = path.relative(contentDir, link).split(path.sep).join('/')
    const message = `this link of the file system ${why}, and is not followed. Put the file itself here, or remove the link.`
    add([{ file, line: 1, severity: 'error', message }])
  }
  const posts: CheckedPost[] = []
  for (const [file, { document }] of items) {
    const source = sources.get(file)
    if (!source) throw new Error(`${file} was compiled but never read.`)
    add(source.problems)
    const inBody = compiledBody(file).problems.map(({ field = '', ...problem }) => ({
      ...problem,
      file,
      line: source.lines[field] ?? problem.line,
    }))
    add(lowered(inBody))
    if (hasOddHost(document.avatar ?? '')) {
      const message = reasonAgainst(document.avatar)
      add([{ file, line: source.lines.avatar ?? 1, message, severity: 'warning' }])
      delete document.avatar
    }
    if (document.type === 'Post') posts.push({ source, fields: document as never, category: document.category })
  }
  add(
    checkTogether(
      posts,
      new Set(items.filter(([, item]) => item.documentTypeName === 'Author').map(([, item]) => item.document.slug)),
    ),
  )
  add(skipped(documents))
  const { problems: broken, checked } = checkLinks(items.map(([file, { document }]) => linked(file, document)))
  add(lowered(broken))

  const all = [...problems.values()]
    .flat()
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  const compiled = { problems: all, documents: items.length }
  if (strict && all.some((problem) => problem.severity === 'error')) return compiled

  const entry = ({ body, _raw, _id, type, ...document }: Document) => {
    const { key, pictures, cover } = compiledBody(_id)
    const kept = new Map(pictures.flatMap((picture) => picture.kept).map((one) => [one.src, one]))
    return {
      ...document,
      file: _id,
      body: key,
      pictures: [...kept.values()],
      ...(cover ? { cover } : {}),
      problems: (problems.get(_id) ?? []).sort((a, b) => a.line - b.line),
      ...checked.get(_id),
    }
  }
  const of = (type: string) =>
    items.filter(([, item]) => item.documentTypeName === type).map(([, item]) => entry(item.document))
  const newestFirst = (a: { date: string; slug: string }, b: { date: string; slug: string }) =>
    a.date === b.date ? (a.slug < b.slug ? -1 : 1) : a.date > b.date ? -1 : 1
  const { reader, ...assets } = await makeAssets(new Set(items.flatMap(([file]) => compiledBody(file).needs)))
  const compiledAt = new Date().toISOString()
  const content: Omit<Manifest, 'compiledAt' | 'nextChange'> = {
    assets,
    posts: (of('Post') as unknown as Manifest['posts']).map((post) => withChange(post, changes)).sort(newestFirst),
    authors: of('Author') as unknown as Manifest['authors'],
    pages: of('Page') as unknown as Manifest['pages'],
  }
  const asked = askedAtRequest(content)
  for (const { file, src } of [...asked.pictures, ...asked.films]) await keepMedia(pictureFile(file), mediaOf(src))
  const same = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  const revision = watch ? String(Date.now()) : same
  const media = (kept: Kept[]) => [...new Set(kept.map(({ src }) => `media/${path.basename(mediaOf(src))}`))]
  const files = {
    bodies: asked.bodies.map((key) => `bodies/${key}.json`),
    pictures: media(asked.pictures),
    films: media(asked.films),
  }
  await replaceFile(askedFile, JSON.stringify(files))
  const moments = { compiledAt, nextChange: nextChange(content.posts, new Date(compiledAt)) }
  await replaceFile(manifestFile, JSON.stringify({ ...moments, ...content } satisfies Manifest))
  await replaceFile('.contentlayer/compiled.json', JSON.stringify({ revision, reader }))
  if (!watch) {
    const bodies = new Set(items.map(([file]) => `${compiledBody(file).key}.json`))
    await forgetOld(path.dirname(bodyFile('')), (name) => bodies.has(name))
    const shown = items.flatMap(([file]) => compiledBody(file).pictures.flatMap((picture) => picture.kept))
    const keys = new Set(shown.map(({ file }) => file.slice(0, 32)))
    const names = new Set(shown.map(({ file }) => file))
    // What a description is of begins its name.
    await forgetOld(path.dirname(pictureFile('x')), (name) =>
      name.endsWith('.json') ? keys.has(name.slice(0, 32)) : names.has(name),
    )
    const named = new Set([...files.pictures, ...files.films])
    await forgetOld(mediaDir, (name) => named.has(`media/${name}`))
  }
  return compiled
}

/** A document as the check of its links wants it. */
function linked(file: string, document: Document): LinkedDocument {
  const { links, ids } = compiledBody(file)
  const { type, slug, draft } = document
  return { file, type, slug, links, ids, ...(type === 'Post' ? { post: document as never } : { draft }) }
}

/** The files of posts that are not published, or will not always be. */
function unpublished(documents: Documents): string[] {
  return Object.entries(documents)
    .filter(([, { document }]) => document.type === 'Post' && isPending(document as never))
    .map(([file]) => file)
}

const isPending = (post: Dated) => post.expires !== undefined || statusOf(post, new Date()) !== 'published'

function withChange(post: Manifest['posts'][number], changes: Map<string, Change | undefined>) {
  const changed = isPending(post) ? changes.get(post.file) : undefined
  return changed ? { ...post, changed } : post
}

/**
 * What has no file in the build, so that the store has to have it: the texts of posts that are not public and what they
 * show, for editors; and films. What is scheduled may become public while a server runs, what is a draft does not.
 */
function askedAtRequest({ posts, authors, pages }: Pick<Manifest, 'posts' | 'authors' | 'pages'>) {
  const pending = posts.filter(isPending)
  const open = [...posts, ...pages].filter(({ draft }) => !draft)
  return {
    bodies: pending.map(({ body }) => body),
    pictures: pending.flatMap(({ pictures }) => pictures),
    films: [...open, ...authors].flatMap(({ pictures }) => pictures).filter(({ src }) => src.startsWith('/video/')),
  }
}

type Kept = Manifest['posts'][number]['pictures'][number]

/** `/media/<hash>/<name>`, and `/video/…` alike. */
function mediaOf(src: string): string {
  const [hash = '', name = ''] = src.split('/').slice(2)
  return mediaFile(hash, decodeURIComponent(name))
}

/** Gives a file of the store a second name; where names cannot be shared, a copy. Neither changes once it is there. */
async function keepMedia(file: string, kept: string) {
  if (existsSync(kept)) return
  await mkdir(mediaDir, { recursive: true })
  try {
    await link(file, kept)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (!/^(EPERM|EXDEV|ENOTSUP|EMLINK|ENOSYS)$/.test(code)) throw error
    await copyWhole(file, kept)
  }
}

/** Removes what nothing names and nobody has written for a day; a running server may still want what is younger. */
async function forgetOld(dir: string, isNamed: (name: string) => boolean) {
  const dayAgo = Date.now() - 24 * 3600 * 1000
  for (const name of existsSync(dir) ? await readdir(dir) : []) {
    if (isNamed(name)) continue
    const file = path.join(dir, name)
    if ((await stat(file)).mtimeMs < dayAgo) await rm(file)
  }
}

/** The files that a document imports, shows or offers, there or not, absolute. */
function partsOf(file: string): string[] {
  const { pictures, imports } = compiledBody(file)
  return [...pictures, ...imports].map((part) => path.resolve(contentDir, part.file))
}

/**
 * Watches files that are no documents, which Contentlayer does: those of the content folder, and others as they come to be known.
 *
 * @param onChange is called once something in one of their folders has changed.
 * @returns what takes more files to watch.
 */
function watchFiles(onChange: () => void): (files: string[]) => void {
  const watched = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(onChange, 60)
  }
  const look = (folder: string, recursive: boolean) => {
    if (watched.has(folder)) return
    watched.add(folder)
    const watcher = watchFolder(folder, { recursive }, (_event, name) => {
      if (!name || !/\.mdx?$/.test(name)) changed()
    })
    // A folder that is gone can come back.
    watcher.on('error', () => watched.delete(folder))
    // It may have changed since its files were read.
    changed()
  }
  look(contentDir, true)
  return (files) => {
    for (const file of files) {
      let folder = path.dirname(file)
      while (!existsSync(folder)) folder = path.dirname(folder)
      if (path.relative(contentDir, folder).startsWith('..')) look(folder, false)
    }
  }
}
