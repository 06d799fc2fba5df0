/** A record that a job left as it was, or changed in part, and why: ids, codes and names of fields, never a value. */
export type Kept = { readonly id: string; readonly entity: string; readonly why: string; readonly fields?: readonly string[] }

/** What a job says of those: how many for each reason, and the first of them by id. */
export type KeptResult = { readonly reasons: Readonly<Record<string, number>>; readonly list: readonly Kept[] }

/** Records that a job's result names; the others only count. Own choice: more than anybody reads, and still a small row (120 kB). */
export const mostListed = 1_000

/** Returns the result with these records counted, and named while there is room. */
export const addKept = (result: KeptResult, kept: readonly Kept[]): KeptResult => {
  const reasons = { ...result.reasons }
  for (const { why } of kept) reasons[why] = (reasons[why] ?? 0) + 1
  return { reasons, list: [...result.list, ...kept].slice(0, mostListed) }
}
