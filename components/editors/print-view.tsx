'use client'

import { useEffect } from 'react'

/** Makes a page look on the screen as it prints, by letting its own print rules hold for all media. */
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

/** Prints what is in a frame. */
export function PrintButton({ frame }: { frame: string }) {
  const print = () => (document.getElementById(frame) as HTMLIFrameElement | null)?.contentWindow?.print()
  return (
    <button type="button" onClick={print} className="button plain">
      Print this sheet
    </button>
  )
}
