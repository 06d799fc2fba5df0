import { Input } from 'antd'
import { Field } from './Field.tsx'

type DaySpanProps = {
  from: string
  to: string
  onFrom: (day: string) => void
  onTo: (day: string) => void
  words: { from: string; to: string; hint: string }
  problem: string | null
}

/** Two days, the first and the last of a stretch of time. */
export const DaySpan = ({ from, to, onFrom, onTo, words, problem }: DaySpanProps) => (
  <div className='form-grid'>
    <Field label={words.from}>
      {(ties) => <Input {...ties} type='date' value={from} onChange={(event) => onFrom(event.target.value)} />}
    </Field>
    <Field label={words.to} hint={words.hint} problem={problem}>
      {(ties) => <Input {...ties} type='date' value={to} min={from} onChange={(event) => onTo(event.target.value)} />}
    </Field>
  </div>
)
