import { existsSync, type FSWatcher, type Stats, watch as watchFolder } from 'node:fs'
import path from 'node:path'
import { statOf } from '../markdown/media/media'

/** Takes the folders to watch from now on. A folder that is not there stands for the nearest one above it. */
type Look = (folders: Iterable<string>) => void

/**
 * Watches folders, each by itself. An event only says that something has changed: `onChange` looks at all files anew, so it does no
 * harm when the system drops events.
 *
 * @param onChange runs once changes have come to rest (or have gone on for half a second), never twice at a time, and again when
 * something changes while it runs. It must not reject.
 * @returns `look`, and `takenUp`, which resolves with the result of a run that began after it was called: it knows every change of
 * before, whether the events have come or not.
 */
export function watchFolders<Result>(onChange: () => Promise<Result>): {
  look: Look
  takenUp: () => Promise<Result>
} {
  const watched = new Map<string, { id: string; watcher: FSWatcher }>()
  let waiting: ((result: Result) => void)[] = []
  let timer: NodeJS.Timeout | undefined
  /** When the changes began that no run has taken up yet. */
  let since: number | undefined
  let isRunning = false
  const changed = () => {
    since ??= Date.now()
    if (isRunning) return
    clearTimeout(timer)
    timer = setTimeout(run, Date.now() - since > 500 ? 0 : 40)
  }
  const run = async () => {
    timer = undefined
    since = undefined
    isRunning = true
    const asked = waiting
    waiting = []
    const result = await onChange()
    isRunning = false
    // A file that was removed while it was read makes a run fail, and the next one is due already.
    if (result instanceof Error && since !== undefined) waiting.unshift(...asked)
    else for (const tell of asked) tell(result)
    if (since !== undefined) changed()
    else if (waiting.length > 0) run()
  }
  const takenUp = () =>
    new Promise<Result>((resolve) => {
      waiting.push(resolve)
      // A file may be half written while its changes have not come to rest.
      if (!isRunning && !timer) run()
    })
  const leave = (folder: string) => {
    watched.get(folder)?.watcher.close()
    watched.delete(folder)
  }
  const watchOne = (folder: string, stat: Stats) => {
    const id = `${stat.ino} ${stat.birthtimeMs}`
    if (watched.get(folder)?.id === id) return
    leave(folder)
    try {
      const watcher = watchFolder(folder, (_event, name) => {
        // A removed folder reports its own name; a new folder at the same path has to be watched anew.
        if (name === path.basename(folder)) leave(folder)
        changed()
      })
      watcher.on('error', () => {
        leave(folder)
        changed()
      })
      watched.set(folder, { id, watcher })
    } catch (error) {
      // The folder has been removed, and the one above it is watched too.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    // Something in it may have changed before it was watched.
    changed()
  }
  const look: Look = (folders) => {
    const wanted = new Set<string>()
    for (let folder of folders) {
      while (!existsSync(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder)
      wanted.add(folder)
    }
    for (const folder of [...watched.keys()]) if (!wanted.has(folder)) leave(folder)
    for (const folder of wanted) {
      const stat = statOf(folder)
      if (stat?.isDirectory()) watchOne(folder, stat)
    }
  }
  return { look, takenUp }
}
