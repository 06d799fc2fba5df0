import { parseArgs } from 'node:util'

type Run = (rounds: number, seed: number, say: (line: string) => void) => Promise<{ problems: string[] }>

/** Runs rounds of faults from the command line, `--rounds 30 --seed 1`: a line for each on stderr, the report as JSON on stdout; exits 1 if there are problems. */
export const runByHand = async (run: Run): Promise<void> => {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } } })
  const report = await run(Number(values.rounds), Number(values.seed), (line) => console.error(line))
  console.log(JSON.stringify(report))
  process.exitCode = report.problems.length > 0 ? 1 : 0
}
