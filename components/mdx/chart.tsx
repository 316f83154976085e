import type { ReactNode } from 'react'
import { site } from '@/site.config'

/** One row: its label, and a number for each series. With one series: `{ label: 'Hugo', value: 4 }`. */
export type Row = { label: string | number; [series: string]: string | number }
type Props = {
  /** `bar` compares things; `line` and `area` show a change, as over time. */
  type?: 'bar' | 'line' | 'area'
  data: Row[]
  /** What the chart shows: its caption, and its name for screen readers. */
  title: string
  /** After each number: `unit="ms"`. */
  unit?: string
  /** A note below the caption, such as the source of the numbers. */
  caption?: ReactNode
}

const SERIES = 4
const number = new Intl.NumberFormat(site.language, { maximumFractionDigits: 6 })

/**
 * A chart, drawn when the post is compiled: an SVG as wide as the text whose letters keep their size, and the same numbers as
 * a table. Every bar has its number beside it and every line its own dashes, so that nothing depends on colour.
 */
export function Chart({ type = 'bar', data, title, unit = '', caption }: Props) {
  const names = checked(type, data, title)
  const values = data.flatMap((row) => names.map((name) => Number(row[name])))
  const ticks = niceTicks(Math.min(0, ...values), Math.max(0, ...values))
  const shown = (value: number) =>
    `${number.format(value).replace('-', '−')}${/^[%°′″]/.test(unit) ? unit : unit && `\u00a0${unit}`}`
  const draw = { data, names, ticks, shown, label: `${title} (${type} chart; its numbers are in the table below)` }
  return (
    <figure className={`chart chart-${type}`}>
      <figcaption>
        <b>{title}</b>
        {caption && <span className="chart-note">{caption}</span>}
      </figcaption>
      {type === 'bar' ? <Bars {...draw} /> : <Lines {...draw} isFilled={type === 'area'} />}
      <details>
        <summary>The numbers</summary>
        <table>
          <caption className="visually-hidden">{title}</caption>
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} align="right">
                  {name === 'value' ? unit || 'Value' : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((row, index) => (
              <tr key={index}>
                <th scope="row">{row.label}</th>
                {names.map((name) => (
                  <td key={name} align="right">
                    {shown(Number(row[name]))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}

/**
 * @returns the names of the series.
 * @throws for data of another form, with words that say what to write.
 */
function checked(type: string, data: unknown, title: unknown): string[] {
  const wrong = (reason: string): never => {
    throw new Error(`<Chart>${title ? ` “${title}”` : ''}: ${reason}`)
  }
  if (!title) wrong('it has no title. Write title="What it shows".')
  if (!['bar', 'line', 'area'].includes(type)) wrong(`there is no type "${type}". Write bar, line or area.`)
  if (!Array.isArray(data)) wrong('its data is no list. Write data={[{ label: "Hugo", value: 4 }]}.')
  const rows = data as Row[]
  if (rows.length === 0) wrong('its data is empty. Write at least one row: { label: "Hugo", value: 4 }.')
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'label')
  if (names.length === 0) wrong('row 1 has no number. Write { label: "Hugo", value: 4 }.')
  if (names.length > SERIES)
    wrong(`it has ${names.length} series, and ${SERIES} can be told apart. Make two charts of it.`)
  for (const [index, row] of rows.entries()) {
    const at = `row ${index + 1}${row?.label === undefined ? '' : ` ("${row.label}")`}`
    if (row === null || typeof row !== 'object') wrong(`${at} is no row. Write { label: "Hugo", value: 4 }.`)
    if (!['string', 'number'].includes(typeof row.label)) wrong(`${at} has no label. Write { label: "…", … }.`)
    for (const name of names)
      if (typeof row[name] !== 'number' || !Number.isFinite(row[name]))
        wrong(
          `${at}: "${name}" is ${JSON.stringify(row[name]) ?? 'missing'}, where a number belongs. Write ${name}: 4.`,
        )
    const more = Object.keys(row).find((name) => name !== 'label' && !names.includes(name))
    if (more) wrong(`${at} has "${more}", which row 1 has not. Give every row the same series.`)
  }
  return names
}

/** @returns round numbers, about five, from at most `low` to at least `high`. */
export function niceTicks(low: number, high: number): number[] {
  if (low === high) return niceTicks(low, low + 1)
  const span = high - low
  const power = 10 ** Math.floor(Math.log10(span / 4))
  const step = ([1, 2, 2.5, 5, 10].find((factor) => (factor * power * 4) / span >= 1 - 1e-9) ?? 10) * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1)
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

type Draw = { data: Row[]; names: string[]; ticks: number[]; shown: (value: number) => string; label: string }

const share = (value: number, ticks: number[]) => {
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)]
  return Math.round(((value - low) / (high - low)) * 1e4) / 100
}

/** Breaks a label into lines, because SVG does not. */
function broken(label: string): string[] {
  const lines = ['']
  for (const word of label.split(/\s+/)) {
    for (const part of word.match(/.{1,30}/gsu) ?? []) {
      const line = lines.at(-1) ?? ''
      if (line && line.length + part.length > 30) lines.push(part)
      else lines[lines.length - 1] = line ? `${line} ${part}` : part
    }
  }
  return lines
}

/** Bars, each below a line with its label and its number. */
function Bars({ data, names, ticks, shown, label }: Draw) {
  const zero = share(0, ticks)
  let y = 0
  const rows = data.map((row) => {
    const lines = broken(String(row.label))
    const isSingle = names.length === 1
    const label = lines.map((text) => {
      y += 20
      return { text, y: y - 6 }
    })
    const bars = names.map((name, series) => {
      const value = Number(row[name])
      const at = share(value, ticks)
      if (!isSingle) y += 17
      const top = y
      y += 13
      return { name: isSingle ? '' : name, series, value, x: Math.min(at, zero), width: Math.abs(at - zero), top }
    })
    y += 11
    return { label, bars }
  })
  const bottom = y - 4
  return (
    <svg className="chart-drawing" width="100%" height={bottom + 20} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <line
          key={tick}
          className={tick === 0 ? 'axis' : 'grid'}
          x1={`${share(tick, ticks)}%`}
          x2={`${share(tick, ticks)}%`}
          y1="0"
          y2={bottom}
        />
      ))}
      {rows.map(({ label, bars }, index) => (
        <g key={index}>
          {label.map(({ text, y }) => (
            <text key={y} className="label" x="0" y={y}>
              {text}
            </text>
          ))}
          {bars.map(({ name, series, value, x, width, top }) => (
            <g key={series} className={`series-${series + 1}`}>
              {name && (
                <text className="series" x="0" y={top - 4}>
                  {name}
                </text>
              )}
              <text className="number" x="100%" y={name ? top - 4 : (label.at(-1)?.y ?? 0)}>
                {shown(value)}
              </text>
              <rect className="bar" x={`${x}%`} y={top} width={`${width}%`} height="9" />
            </g>
          ))}
        </g>
      ))}
      <Ticks ticks={ticks} y={bottom + 16} />
    </svg>
  )
}

function Ticks({ ticks, y }: { ticks: number[]; y: number }) {
  return ticks.map((tick, index) => (
    <text
      key={tick}
      className={`tick${index === 0 ? ' first' : index === ticks.length - 1 ? ' last' : ''}`}
      x={`${share(tick, ticks)}%`}
      y={y}
    >
      {number.format(tick).replace('-', '−')}
    </text>
  ))
}

const HEIGHT = 230
const TOP = 18

/** Lines are drawn in percent of the width and height, so that they stretch with the page while strokes and letters keep their size. */
function Lines({ data, names, ticks, shown, label, isFilled }: Draw & { isFilled: boolean }) {
  // The first 9 % are for the numbers of the scale.
  const x = (index: number) => (data.length === 1 ? 50 : Math.round((9 + (index / (data.length - 1)) * 91) * 100) / 100)
  const y = (value: number) => Math.round((100 - share(value, ticks)) * 100) / 100
  const pixel = (value: number) => TOP + (y(value) / 100) * HEIGHT
  const every = Math.ceil((data.length - 1) / 4) || 1
  const last = data.length - 1
  return (
    <>
      {names.length > 1 && (
        <ul className="chart-key" aria-hidden="true">
          {names.map((name, series) => (
            <li key={name} className={`series-${series + 1}`}>
              <svg width="34" height="10" aria-hidden="true">
                <line className="line" x1="0" x2="34" y1="5" y2="5" />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      )}
      <svg className="chart-drawing" width="100%" height={HEIGHT + TOP + 26} role="img" aria-label={label}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={tick === 0 ? 'axis' : 'grid'} x1="0" x2="100%" y1={pixel(tick)} y2={pixel(tick)} />
            <text className="tick left" x="0" y={pixel(tick) - 4}>
              {tick === ticks.at(-1) ? shown(tick) : number.format(tick).replace('-', '−')}
            </text>
          </g>
        ))}
        <svg
          aria-hidden="true"
          y={TOP}
          height={HEIGHT}
          width="100%"
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          overflow="visible"
        >
          {names.map((name, series) => {
            const points = data.map((row, index) => `${x(index)} ${y(Number(row[name]))}`)
            return (
              <g key={name} className={`series-${series + 1}`}>
                {isFilled && (
                  <path className="fill" d={`M${x(0)} ${y(0)} L${points.join(' L')} L${x(last)} ${y(0)}Z`} />
                )}
                <path className="line" d={`M${points.join(' L')}`} />
                {data.length <= 24 && <path className="dots" d={points.map((point) => `M${point}h0`).join('')} />}
              </g>
            )
          })}
        </svg>
        {data.map(
          (row, index) =>
            (index === last || (index % every === 0 && last - index >= every / 2)) && (
              <text
                key={index}
                className={`tick ${last === 0 ? '' : index === 0 ? 'first' : index === last ? 'last' : 'inner'}`}
                x={`${x(index)}%`}
                y={HEIGHT + TOP + 20}
              >
                {short(String(row.label))}
              </text>
            ),
        )}
      </svg>
    </>
  )
}

const short = (label: string) => ([...label].length > 13 ? `${[...label].slice(0, 12).join('')}…` : label)
