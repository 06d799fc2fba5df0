import type { ParseFailure } from '../events.ts'

/** The file as a whole cannot be read; the child prints `failure` as its last frame. */
export class FileFailure extends Error {
  readonly failure: ParseFailure
  constructor(failure: ParseFailure) {
    super(failure.code)
    this.failure = failure
  }
}
