const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Shows text with what was searched for marked. Blanks and hyphens between digits do not part a phone number. With `whole`, text that was found by
 * its sound (pinyin, initials) and so holds no such letters is marked as a whole.
 */
export const Highlight = ({ text, query, whole = false }: { text: string; query: string; whole?: boolean }) => {
  const wanted = query.trim()
  if (wanted === '') return <>{text}</>
  const digits = wanted.replace(/[\s-]/g, '')
  const pattern = /^\+?\d+$/.test(digits) ? Array.from(digits, escape).join('[\\s-]*') : escape(wanted)
  const match = new RegExp(pattern, 'iu').exec(text)
  if (match && match[0] !== '') {
    return (
      <>
        {text.slice(0, match.index)}
        <mark>{match[0]}</mark>
        {text.slice(match.index + match[0].length)}
      </>
    )
  }
  return whole && /^[a-z' ]+$/i.test(wanted) ? <mark>{text}</mark> : <>{text}</>
}
