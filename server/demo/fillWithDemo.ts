import { type House, startDemo } from './startDemo.ts'

/** Milliseconds between two lines that tell how far it is. */
const progressEvery = 1_000

const say = (zh: string, en: string): void => void process.stderr.write(`${zh} ${en}\n`)

/**
 * Fills an empty installation with an invented dealer and prints who can sign in, as one line of JSON on stdout and once only (DESIGN 7). One that holds
 * data is left as it is.
 */
export const fillWithDemo = async (
  house: House & { readonly phase: () => string },
  url: string | null,
  { dataDir, demoCustomers }: { readonly dataDir: string; readonly demoCustomers: number },
): Promise<void> => {
  if (house.phase() !== 'setup') {
    say(
      `${dataDir} 已有数据，没有载入演示：换一个 --data 就有新的演示。`,
      `${dataDir} holds data already, so no demo was loaded: another --data gets a new one.`,
    )
    return
  }
  let said = 0
  const { staff, shares } = await startDemo(house, {
    customers: demoCustomers,
    onProgress: (done, total) => {
      if (done < total && performance.now() - said < progressEvery) return
      said = performance.now()
      say(`演示客户 ${done}/${total}`, `demo customers`)
    },
  })
  say(`恢复套件（3 份取 2，只显示这一次）`, `recovery kit, 2 of 3, shown only now:\n${shares.map((share) => `  ${share}`).join('\n')}`)
  process.stdout.write(`${JSON.stringify({ url, staff })}\n`)
}
