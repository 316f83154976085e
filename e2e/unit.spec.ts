import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { findProgram } from '../scripts/steps.mjs'
import { needs } from './server'

const analyze = findProgram('systemd-analyze')
needs('systemd-analyze', analyze !== undefined, 'systemd')

test('systemd finds nothing wrong with the unit, and little that an instance could reach', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-unit-'))
  const unit = path.join(folder, 'galley@3001.service')
  cpSync('deploy/galley@.service', unit)
  const asked = (...args: string[]) => spawnSync(analyze ?? '', [...args, unit], { encoding: 'utf8' })
  const verified = asked('verify')
  // Node.js may be in another folder on this machine than in the unit.
  const said = `${verified.stdout}${verified.stderr}`
    .split('\n')
    .filter((line) => line && !/is not executable/.test(line))
  expect(said).toEqual([])
  const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(asked('security', '--offline=true').stdout) ?? []
  expect(Number(exposure)).toBeGreaterThan(0)
  expect(Number(exposure)).toBeLessThanOrEqual(1.5)
  rmSync(folder, { recursive: true })
})
