/** A number that stands between two: whoever of them calls it reaches the other, until `until` (ISO 8601). `id`: the platform's name for the binding. */
export type Binding = { readonly id: string; readonly relay: string; readonly until: string }

/**
 * A platform for relayed calls (隐私号, AXB): it binds a number between a caller and a customer for some minutes, so that neither learns the other's.
 * The seam for adapters (docs/number-relay.md): `httpRelay.ts` is the one there is. Numbers are E.164. Both throw `relay_unavailable`.
 */
export type NumberRelay = {
  /** Binds a relay number between the two for `minutes`. Nothing of the customer but the number is handed over. */
  readonly bind: (caller: string, customer: string, minutes: number) => Promise<Binding>
  /** Ends a binding before its time. One that has ended already is no error. */
  readonly unbind: (id: string) => Promise<void>
  /** Minutes a binding is asked for. */
  readonly minutes: number
}
