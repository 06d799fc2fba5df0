import { parseLimits } from '../../limits.ts'

/**
 * Gathers the text of a string item (ISO/IEC 29500-1, 18.4.8): its runs joined, whatever their font, without the phonetic readings above them. Never
 * holds more than one character beyond what a cell may have.
 */
export function openStringSink() {
  let text = ''
  let depth = 0
  let phonetic = 0
  return {
    begin(): void {
      text = ''
      depth = 0
      phonetic = 0
    },
    open(name: string): void {
      if (name === 'rPh') phonetic++
      if (name === 't') depth++
    },
    close(name: string): void {
      if (name === 'rPh') phonetic--
      if (name === 't') depth--
    },
    text(more: string): void {
      if (depth > 0 && phonetic === 0 && text.length <= parseLimits.cell) text += more.slice(0, parseLimits.cell + 1)
    },
    end: (): string => unescapeText(text),
  }
}

/** Characters that XML cannot hold are written `_x000D_` (ISO/IEC 29500-1, 22.4.2.4). A line end is one; the others mean nothing in a list. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, hex: string) => {
    const code = Number.parseInt(hex, 16)
    return code === 0x0d ? '' : code < 0x20 && code !== 0x09 && code !== 0x0a ? '' : String.fromCharCode(code)
  })
}
