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
  parser.onopentag = ({ name, attributes }) => sink.open(withoutPrefix(name), attributes as Record<string, string>)
  parser.onclosetag = (name) => sink.close?.(withoutPrefix(name))
  parser.ontext = (text) => sink.text?.(text)
  parser.oncdata = (text) => sink.text?.(text)
  parser.ondoctype = () => void (fault = true)
  parser.onerror = () => void (fault = true)
  const decoder = new StringDecoder('utf8')
  const feed = (text: string | null): void => {
    try {
      if (text === null) parser.close()
      else parser.write(text)
    } catch (error) {
      // After an error the parser throws it again when it is written to. Anything else is our own sink's.
      if (!fault) throw error
    }
    if (fault) throw refuseWorkbook('workbook_damaged')
  }
  let first = true
  for await (const chunk of bytes) {
    const text = decoder.write(chunk)
    feed(first ? text.replace(/^\ufeff/, '') : text)
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
