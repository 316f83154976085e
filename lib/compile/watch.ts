import { existsSync, type FSWatcher, type Stats, watch as watchFolder } from 'node:fs'
import path from 'node:path'
import { statOf } from '../markdown/media/media'

/**
 * Watches folders, each by itself. An event only says that something has changed: `onChange` looks at all files anew, so it does no
 * harm when the system drops events.
 *
 * @param onChange runs once changes have come to rest (or have gone on for half a second), never twice at a time, and again when
 * something changes while it runs. It must not reject.
 * @returns takes the folders to watch from now on. A folder that is not there stands for the nearest one above it.
 */
export function watchFolders(onChange: () => Promise<void>): (folders: Iterable<string>) => void {
  const watched = new Map<string, { id: string; watcher: FSWatcher }>()
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let isRunning = false
  const changed = () => {
    if (isRunning) since = -1
    if (isRunning) return
    since ||= Date.now()
    clearTimeout(timer)
    timer = setTimeout(run, Date.now() - since > 500 ? 0 : 40)
  }
  const run = async () => {
    since = 0
    isRunning = true
    await onChange()
    isRunning = false
    const again = since === -1
    since = 0
    if (again) changed()
  }
  const leave = (folder: string) => {
    watched.get(folder)?.watcher.close()
    watched.delete(folder)
  }
  const look = (folder: string, stat: Stats) => {
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
  return (folders) => {
    const wanted = new Set<string>()
    for (let folder of folders) {
      while (!existsSync(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder)
      wanted.add(folder)
    }
    for (const folder of [...watched.keys()]) if (!wanted.has(folder)) leave(folder)
    for (const folder of wanted) {
      const stat = statOf(folder)
      if (stat?.isDirectory()) look(folder, stat)
    }
  }
}
