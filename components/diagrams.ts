/** Draws diagrams in the browser. components/reader.ts loads this file when a diagram comes near the screen. */
import mermaid from 'mermaid'

let drawings = 0

/**
 * Draws one diagram, and keeps its source below the drawing.
 *
 * @param figure with the source in its `<pre>`.
 * @throws the error of Mermaid; the figure is not changed then.
 */
export async function draw(figure: HTMLElement) {
  const pre = figure.querySelector('pre')
  const source = pre?.textContent ?? ''
  const name = figure.querySelector('figcaption')?.textContent
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: 'base', look: 'classic', ...colours() })
  const { svg } = await mermaid.render(`diagram-${++drawings}`, source)
  const drawing = figure.querySelector('.drawing') ?? document.createElement('div')
  drawing.className = 'drawing'
  drawing.innerHTML = svg
  const picture = drawing.querySelector('svg')
  picture?.setAttribute('role', 'img')
  if (!picture?.hasAttribute('aria-labelledby')) picture?.setAttribute('aria-label', name || 'Diagram')
  // On a narrow screen the drawing scrolls, because its words would become too small to read.
  const width = picture?.viewBox.baseVal.width ?? 0
  if (picture) picture.style.minWidth = `${Math.round(0.7 * width)}px`
  figure.classList.toggle('wide', width > figure.clientWidth)
  if (drawing.isConnected) return
  drawing.setAttribute('tabindex', '0')
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  summary.textContent = 'Source of the diagram'
  if (pre) details.append(summary, pre)
  figure.prepend(drawing)
  figure.append(details)
}

/** The current colours and font of the page, as a configuration of Mermaid. */
function colours() {
  const styles = getComputedStyle(document.documentElement)
  const probe = document.body.appendChild(document.createElement('span'))
  const colour = (name: string) => {
    probe.style.color = `var(--color-${name})`
    return getComputedStyle(probe).color
  }
  const [paper, panel, ink, soft, rule, pencil, wash] = 'paper panel ink soft rule pencil wash'.split(' ').map(colour)
  probe.remove()
  const fontFamily = styles.getPropertyValue('--font-sans')
  return {
    fontFamily,
    darkMode: styles.colorScheme === 'dark',
    themeVariables: {
      fontFamily,
      useGradient: false,
      dropShadow: 'none',
      background: paper,
      primaryColor: panel,
      primaryTextColor: ink,
      primaryBorderColor: soft,
      secondaryColor: wash,
      secondaryTextColor: ink,
      secondaryBorderColor: pencil,
      tertiaryColor: paper,
      tertiaryTextColor: ink,
      tertiaryBorderColor: rule,
      lineColor: soft,
      textColor: ink,
      noteBkgColor: wash,
      noteTextColor: ink,
      noteBorderColor: pencil,
      edgeLabelBackground: paper,
      clusterBkg: paper,
      clusterBorder: rule,
      titleColor: ink,
      sequenceNumberColor: paper,
      pie1: pencil,
      pie2: soft,
      pie3: rule,
      pieStrokeColor: paper,
      pieOuterStrokeColor: rule,
    },
  }
}
