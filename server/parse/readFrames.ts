import { AppError } from '../../domain/errors.ts'
import { fileProblems, rowProblems } from '../../domain/import/problems.ts'
import { delimiters, encodings, formats, type ParseEvent, type ParseFailure } from './events.ts'
import { parseLimits } from './limits.ts'

type Frame = ParseEvent | ParseFailure

/**
 * Yields the frames of a parser child, each checked to be what it claims: the child read a stranger's file and is not trusted. Throws
 * AppError('parser_failed') with reason `protocol` otherwise. Nothing of a bad frame gets into the error.
 */
export async function* readFrames(output: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let parts: Buffer[] = []
  let held = 0
  for await (const chunk of output) {
    let from = 0
    for (let at = chunk.indexOf(0x0a); at > -1; at = chunk.indexOf(0x0a, from)) {
      parts.push(chunk.subarray(from, at))
      const frame = parseFrame(parts.length === 1 ? (parts[0]?.toString('utf8') ?? '') : Buffer.concat(parts).toString('utf8'))
      parts = []
      held = 0
      from = at + 1
      yield frame
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
    held += chunk.length - from
    if (held > parseLimits.frame) throw protocolError()
  }
}

function parseFrame(text: string): Frame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw protocolError()
  }
  if (!isFrame(value)) throw protocolError()
  return value
}

function protocolError(): AppError {
  return new AppError('parser_failed', { reason: 'protocol' })
}

function isFrame(value: unknown): value is Frame {
  if (!isRecord(value)) return false
  switch (value['type']) {
    case 'header':
      return (
        isCount(value['line']) &&
        isTexts(value['columns'], parseLimits.columns) &&
        (value['encoding'] === null || isOneOf(value['encoding'], encodings)) &&
        (value['delimiter'] === null || isOneOf(value['delimiter'], delimiters)) &&
        (value['sheet'] === undefined || isCount(value['sheet'])) &&
        (value['sheets'] === undefined || isTexts(value['sheets'], parseLimits.zipEntries))
      )
    case 'format':
      return isOneOf(value['format'], formats)
    case 'counted':
      return isCount(value['rows'])
    case 'head':
    case 'rows':
      return isList(value['rows'], (row) => isRecord(row) && isCount(row['line']) && isTexts(row['cells'], parseLimits.columns))
    case 'cards':
      return isList(value['cards'], (entry) => isRecord(entry) && isCount(entry['line']) && isCard(entry['card']))
    case 'refused':
      return (
        isCount(value['line']) && isOneOf(value['problem'], rowProblems) && (value['stopped'] === undefined || value['stopped'] === true)
      )
    case 'end':
      return isCount(value['rows']) && typeof value['complete'] === 'boolean'
    case 'failed':
      if (!isCount(value['line'])) return false
      return value['code'] === 'file_unreadable'
        ? isOneOf(value['reason'], fileProblems)
        : value['code'] === 'file_encoding' && (value['encoding'] === null || isOneOf(value['encoding'], encodings))
    default:
      return false
  }
}

function isCard(value: unknown): boolean {
  if (!isRecord(value)) return false
  const lists = ['names', 'phones', 'emails', 'addresses', 'categories'].every((key) => isTexts(value[key], Infinity))
  return lists && ['org', 'note', 'wechat'].every((key) => value[key] === null || typeof value[key] === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isList(value: unknown, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check)
}

function isTexts(value: unknown, most: number): boolean {
  return Array.isArray(value) && value.length <= most && value.every((item) => typeof item === 'string')
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === 'string' && allowed.includes(value)
}
