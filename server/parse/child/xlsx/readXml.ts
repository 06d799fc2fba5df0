import { StringDecoder } from 'node:string_decoder'
import sax from 'sax'
import { refuseWorkbook } from './openArchive.ts'

/** What a part's elements are handed to; names come without their prefix. */
export type XmlSink = {
  open(name: string, attributes: Readonly<Record<string, string>>): void
  close?(name: string): void
  text?(text: string): void
}

/**
 * Hands the elements of an XML part to `sink`, and yields after each piece of it, so that what has come together can be passed on. Entities are not
 * defined by a file: a document type is refused (ISO/IEC 29500-2, 6.2.5 forbids it), so nothing in the file can make itself larger than it is.
 * Throws FileFailure `workbook_damaged` for what is not well-formed.
 */
export async function* readXml(bytes: AsyncIterable<Buffer>, sink: XmlSink): AsyncGenerator<void> {
  const parser = sax.parser(true, { position: false })
  let fault = false
  const fail = (): void => void (fault = true)
  const text = (piece: string): void => sink.text?.(piece)
  // Not a target of events: its handlers are these properties.
  Object.assign(parser, {
    onopentag: ({ name, attributes }: { name: string; attributes: Record<string, string> }) => sink.open(withoutPrefix(name), attributes),
    onclosetag: (name: string) => sink.close?.(withoutPrefix(name)),
    ontext: text,
    oncdata: text,
    ondoctype: fail,
    onerror: fail,
  })
  const decoder = new StringDecoder('utf8')
  const feed = (piece: string | null): void => {
    try {
      if (piece === null) parser.close()
      else parser.write(piece)
    } catch (error) {
      // After an error the parser throws it again when it is written to. Anything else is our own sink's.
      if (!fault) throw error
    }
    if (fault) throw refuseWorkbook('workbook_damaged')
  }
  let first = true
  for await (const chunk of bytes) {
    const piece = decoder.write(chunk)
    feed(first ? piece.replace(/^\ufeff/, '') : piece)
    first = false
    yield
  }
  feed(null)
}

/** Reads a part to its end. */
export async function readWholeXml(bytes: AsyncIterable<Buffer>, sink: XmlSink): Promise<void> {
  for await (const _ of readXml(bytes, sink));
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
