/** Whether the terminal's language is Chinese: the first of LC_ALL, LC_MESSAGES and LANG that is set decides (POSIX, section 8.2). */
const chinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')

/** One line of progress on stderr: stdout belongs to the verb, whose `--json` must stay parseable. */
export function say(zh, en) {
  process.stderr.write(`${chinese ? zh : en}\n`)
}

/** A refusal of the launcher: one line that says what happened and what to do; printed without a stack, exit code 1. */
export class Refusal extends Error {
  constructor(zh, en) {
    super(chinese ? zh : en)
    this.name = 'Refusal'
  }
}
