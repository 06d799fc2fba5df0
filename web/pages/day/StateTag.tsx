import { appointment } from '../../../domain/crm/appointment.ts'
import type { RecordView } from '../../app/contract.ts'
import { useValueText } from '../../catalogue/FieldValue.tsx'

const tones: Readonly<Record<string, 'ok' | 'warn' | undefined>> = { done: 'ok', missed: 'warn' }

/** What came of an appointment; nothing while it is still to come. */
export const StateTag = ({ record }: { record: RecordView }) => {
  const text = useValueText()
  const state = String(record['state'])
  return state === 'planned' ? null : (
    <span className='tag' data-tone={tones[state]}>
      {text(appointment.fields.state, state)}
    </span>
  )
}
