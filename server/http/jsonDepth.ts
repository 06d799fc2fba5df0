const quote = 0x22
const backslash = 0x5c
const opens = (code: number): boolean => code === 0x7b || code === 0x5b
const closes = (code: number): boolean => code === 0x7d || code === 0x5d

/**
 * Whether JSON text nests objects and arrays deeper than `limit`. One pass over the characters, before any parser recurses or allocates;
 * brackets inside strings do not count. Text that is not JSON gets an answer too, and the parser's error later.
 */
export const isDeeperThan = (text: string, limit: number): boolean => {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === backslash) at += 1
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (opens(code)) {
      depth += 1
      if (depth > limit) return true
    } else if (closes(code)) depth -= 1
  }
  return false
}
