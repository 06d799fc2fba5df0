/** One physical line as Latin-1 (a character per byte), without its end. `cut`: it was longer than the limit, the rest was thrown away. */
export type ByteLine = { line: number; text: string; cut: boolean }

/** Yields the lines of a file. Never holds more than `limit` bytes of one line, however long the line is. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<ByteLine> {
  let line = 1
  let text = ''
  let cut = false
  let afterCr = false
  for await (const part of bytes) {
    const block = Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
    let from: number = afterCr && block[0] === '\n' ? 1 : 0
    afterCr = false
    const ends = /\r\n?|\n/g
    ends.lastIndex = from
    for (let end = ends.exec(block); end; end = ends.exec(block)) {
      ;[text, cut] = append(text, cut, block.slice(from, end.index), limit)
      yield { line: line++, text, cut }
      text = ''
      cut = false
      from = ends.lastIndex
      afterCr = end[0] === '\r' && from === block.length
    }
    ;[text, cut] = append(text, cut, block.slice(from), limit)
  }
  if (text !== '') yield { line, text, cut }
}

function append(text: string, cut: boolean, more: string, limit: number): [string, boolean] {
  const room = limit - text.length
  return more.length <= room ? [text + more, cut] : [text + more.slice(0, room), true]
}
