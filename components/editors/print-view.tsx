'use client'

import { useEffect } from 'react'

/** Makes a page look on the screen as on paper: its print rules are changed to apply to all media. */
export function PrintView() {
  useEffect(() => {
    for (const sheet of document.styleSheets) showPrintRules(sheet.cssRules)
    const frame = window.frameElement as HTMLElement | null
    if (frame) frame.style.height = `${document.documentElement.scrollHeight + 2}px`
  }, [])
  return null
}

function showPrintRules(rules: CSSRuleList) {
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule && rule.media.mediaText === 'print') rule.media.mediaText = 'all'
    else if (rule instanceof CSSGroupingRule) showPrintRules(rule.cssRules)
  }
}

/** A button that prints the page in a frame. */
export function PrintButton({ frame }: { frame: string }) {
  const print = () => (document.getElementById(frame) as HTMLIFrameElement | null)?.contentWindow?.print()
  return (
    <button type="button" onClick={print} className="button plain">
      Print this sheet
    </button>
  )
}
