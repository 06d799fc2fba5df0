import type { ErrorCode, ErrorDetails } from '../../domain/errors.ts'

/** `offline`: the request never reached the server. The rest are the server's own codes. */
export type ClientErrorCode = ErrorCode | 'offline'

/** One refusal as the client knows it: what the server said (RFC 9457), or that it could not be asked. */
export class ApiError extends Error {
  readonly code: ClientErrorCode
  readonly status: number
  readonly requestId: string | null
  readonly details: ErrorDetails
  /** The record as it now is, on a version conflict. */
  readonly current: unknown
  constructor(code: ClientErrorCode, status: number, requestId: string | null, details: ErrorDetails = {}, current?: unknown) {
    super(code)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.requestId = requestId
    this.details = details
    this.current = current
  }
}

/** Returns which fields the server refused and why; empty when the refusal was about something else. */
export const fieldProblems = (error: unknown): { field: string; problem: string }[] => {
  if (!(error instanceof ApiError)) return []
  return Object.values(error.details).flatMap((detail) =>
    Array.isArray(detail) ? detail.flatMap((one) => (typeof one === 'object' && 'field' in one ? [one] : [])) : [],
  )
}
