/** Returns the value below which the share `part` (0 to 1) of the samples lies (nearest rank, as in NIST's handbook 7.2.6.2). NaN for none. */
export const quantile = (samples: readonly number[], part: number): number => {
  const sorted = samples.toSorted((a, b) => a - b)
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(part * sorted.length)))
  return sorted[rank - 1] ?? Number.NaN
}

/** Returns the middle sample, or the mean of the two in the middle. NaN for none. */
export const median = (samples: readonly number[]): number => {
  const sorted = samples.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2
}

/** One point of a growth curve: `cost` (any unit) at `size` records. */
export type Point = { readonly size: number; readonly cost: number }

/**
 * Returns the exponent `e` of cost ≈ c · size^e, by least squares through the logarithms: 0 means that size does not matter, 1 that cost grows with
 * it. NaN unless there are two different sizes; points without a positive cost are left out.
 */
export const growthExponent = (points: readonly Point[]): number => {
  const logs = points.filter(({ size, cost }) => size > 0 && cost > 0).map(({ size, cost }) => [Math.log(size), Math.log(cost)] as const)
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(logs.map(([a]) => a)), mean(logs.map(([, b]) => b))]
  const spread = logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  return spread > 0 ? logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / spread : Number.NaN
}

/** Returns the number with `digits` behind the point, for printing. */
export const round = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits
