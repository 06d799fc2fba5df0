import type { UndoneOne } from '../../store/undoChanges.ts'
import { addKept, type KeptResult } from './keptList.ts'

/** What an undoing says of the changes it looked at: how many went back, in part, or stayed. */
export type UndoResult = KeptResult & { readonly undone: number; readonly partly: number; readonly kept: number }

/** The result of an undoing that has looked at nothing yet. */
export const noneUndone: UndoResult = { undone: 0, partly: 0, kept: 0, reasons: {}, list: [] }

/** Returns the result with these changes counted, and those that stayed named while there is room. */
export const addUndone = (result: UndoResult, of: readonly UndoneOne[]): UndoResult => {
  const count = (outcome: UndoneOne['outcome']): number => of.filter((one) => one.outcome === outcome).length
  const told = of.flatMap(({ id, entity, why, fields }) => (why === undefined ? [] : [{ id, entity, why, ...(fields ? { fields } : {}) }]))
  return {
    ...addKept(result, told),
    undone: result.undone + count('undone'),
    partly: result.partly + count('partly'),
    kept: result.kept + count('kept'),
  }
}
