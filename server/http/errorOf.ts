import { AppError } from '../../domain/errors.ts'

type Faulty = Error & { code?: unknown; statusCode?: unknown; validation?: readonly Violation[]; validationContext?: string }
type Violation = { keyword: string; instancePath: string; params: Record<string, unknown> }

const frameworkCodes: Readonly<Record<string, () => AppError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new AppError('input_too_large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new AppError('unsupported_media'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new AppError('input_invalid', { problem: 'empty' }),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new AppError('input_invalid', { problem: 'json' }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new AppError('input_invalid', { problem: 'length' }),
  FST_ERR_NOT_FOUND: () => new AppError('not_found'),
}

// Network codes of Node and SQLSTATE classes: 08 connection, 57P0x shutdown, 53300 too many connections (PostgreSQL manual, appendix A).
const databaseGone = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|08...|57P0.|53300)$/

const nameOf = (violation: Violation): string => {
  const below = violation.instancePath.slice(1).replaceAll('/', '.')
  const key = violation.params['missingProperty']
  return [below, typeof key === 'string' ? key : ''].filter(Boolean).join('.').slice(0, 80) || 'body'
}

const fromViolation = (violation: Violation): AppError => {
  const extra = violation.params['additionalProperty']
  if (typeof extra === 'string') return new AppError('unknown_key', { key: extra.slice(0, 64) })
  const problem = violation.keyword === 'required' ? 'required' : violation.keyword === 'type' ? 'type' : violation.keyword
  return new AppError('input_invalid', { problems: [{ field: nameOf(violation), problem }] })
}

/** Returns the refusal that stands for any thrown thing. What nobody foresaw is `internal`; the original stays as its cause for the log. */
export const errorOf = (thrown: unknown): AppError => {
  if (thrown instanceof AppError) return thrown
  if (!(thrown instanceof Error)) return new AppError('internal', {}, { cause: thrown })
  const error = thrown as Faulty
  const violation = error.validation?.[0]
  if (violation) return fromViolation(violation)
  const code = typeof error.code === 'string' ? error.code : ''
  const known = frameworkCodes[code]
  if (known) return known()
  if (code === '53100' || code === 'ENOSPC') return new AppError('disk_full', {}, { cause: error })
  if (databaseGone.test(code) || /^(?:Connection terminated|timeout exceeded when trying to connect)/.test(error.message)) {
    return new AppError('database_unavailable', {}, { cause: error })
  }
  // secure-json-parse (prototype keys) and JSON.parse fail with a SyntaxError that Fastify marks 400.
  if (error.statusCode === 400) return new AppError('input_invalid', { problem: 'json' })
  return new AppError('internal', {}, { cause: error })
}
