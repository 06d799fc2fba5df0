/** Something the user must put right: printed with its reasons, exit code 1. */
export class Refusal extends Error {
  readonly code: string
  readonly details: Record<string, unknown>
  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

/** A command line that cannot be understood: exit code 2. */
export class Usage extends Error {}
