import { useMutation } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { appointment } from '../../../domain/crm/appointment.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { fieldProblems } from '../../app/apiError.ts'
import { isMasked, type RecordView } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { useAppointmentsChanged, useBusy } from './appointments.ts'
import { useAssignable } from './useAssignable.ts'
import { useTimes } from './useTimes.ts'
import { dayOf, localInput, offeredTime } from './week.ts'

const { kind: kinds, assigneeIds: who, note: notes } = appointment.fields

/** Minutes an appointment may be given by one touch, and how long each kind mostly takes. Own choice. */
const lengths = [30, 60, 90, 120, 180, 240, 480]
const usual: Readonly<Record<string, number>> = {
  survey: 90,
  demo: 120,
  delivery: 60,
  installation: 240,
  handover: 120,
  service: 90,
  call: 30,
}

const minutesOf = (record: RecordView): number => (Date.parse(String(record['endsAt'])) - Date.parse(String(record['startsAt']))) / 60_000

type DialogProps = { customer: RecordView; name: string; record: RecordView | null; onClose: () => void }

/** Makes an appointment with a customer, or moves one and gives it to others. Whoever is taken then is named, and nobody is refused for it. */
export const AppointmentDialog = ({ customer, name, record, onClose }: DialogProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const actor = useActor()
  const staff = useDirectory('staff')
  const { dayName, span } = useTimes()
  const changed = useAppointmentsChanged()
  const options = useAssignable(String(customer['storeId']))
  const [kind, setKind] = useState(String(record?.['kind'] ?? 'survey'))
  const [start, setStart] = useState(record ? localInput(new Date(String(record['startsAt']))) : offeredTime())
  const [minutes, setMinutes] = useState(record ? minutesOf(record) : usual['survey']!)
  const [assignees, setAssignees] = useState<string[]>((record?.['assigneeIds'] as string[] | undefined) ?? [])
  const before = record?.['note']
  const [note, setNote] = useState(typeof before === 'string' ? before : '')
  const from = new Date(start)
  const to = new Date(from.getTime() + minutes * 60_000)
  const isTime = !Number.isNaN(from.getTime())
  const busy = useBusy(isTime ? from : new Date(0), isTime ? to : new Date(0), assignees, record?.id)
  const act = useMutation({
    mutationFn: () => {
      const said = isMasked(before) && note.trim() === '' ? {} : { note: note.trim() || null }
      const body = { kind, assigneeIds: assignees, startsAt: from.toISOString(), endsAt: to.toISOString(), ...said }
      return record
        ? request<RecordView>('PATCH', `/api/appointments/${record.id}`, { body: { version: record.version, ...body } })
        : request<RecordView>('POST', `/api/customers/${customer.id}/appointments`, { body })
    },
    onSuccess: () => {
      changed(customer.id)
      say(t(record ? 'customers.saved' : 'appointments.made'))
      onClose()
    },
    gcTime: 0,
  })
  const problems = fieldProblems(act.error)
  const wrong = (field: string): string | null => {
    const found = problems.find((one) => one.field === field)
    return found ? t(`problems.${found.problem}` as 'problems.required') : null
  }
  const choose = (chosen: string): void => {
    setKind(chosen)
    if (!record) setMinutes(usual[chosen] ?? minutes)
  }
  const others = lengths.includes(minutes) ? lengths : [...lengths, minutes].toSorted((a, b) => a - b)
  // The same question that the server asks: would the details be masked but for the working set?
  const isTheirs = !satisfies(
    decide({ ...actor, workingIds: [] }, 'customer').fields['phones']?.read ?? none,
    customer as unknown as RuleRow,
  )
  return (
    <Modal
      open
      title={t(record ? 'appointments.change' : 'appointments.new', { name })}
      okText={t('form.save')}
      okButtonProps={{ disabled: assignees.length === 0 || !isTime }}
      cancelText={t('cancel')}
      confirmLoading={act.isPending}
      mask={{ closable: false }}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {act.isError && problems.length === 0 ? <ErrorNote error={act.error} /> : null}
        <Field label={labelOf(kinds)} problem={wrong('kind')}>
          {(ties) => (
            <Select
              {...ties}
              value={kind}
              options={Object.entries(kinds.values ?? {}).map(([value, label]) => ({ value, label: labelOf({ label }) }))}
              onChange={choose}
            />
          )}
        </Field>
        <div className='when'>
          <Field label={t('appointments.start')} problem={wrong('startsAt')}>
            {(ties) => (
              <Input {...ties} type='datetime-local' step={900} value={start} onChange={(event) => setStart(event.target.value)} />
            )}
          </Field>
          <Field label={t('appointments.length')} problem={wrong('endsAt')}>
            {(ties) => (
              <Select
                {...ties}
                value={minutes}
                options={others.map((value) => ({
                  value,
                  label: value < 60 ? t('appointments.minutes', { count: value }) : t('appointments.hours', { count: value / 60 }),
                }))}
                onChange={setMinutes}
              />
            )}
          </Field>
        </div>
        <Field label={labelOf(who)} hint={t('appointments.whoHint')} problem={wrong('assigneeIds')}>
          {(ties) => (
            <Select
              {...ties}
              mode='multiple'
              showSearch={{ optionFilterProp: 'label' }}
              value={assignees}
              options={options}
              placeholder={t('form.choose')}
              onChange={(chosen: string[]) => setAssignees(chosen)}
            />
          )}
        </Field>
        {assignees.includes(actor.staffId) && isTheirs ? (
          <Trouble tone='info' title={t('appointments.forOneself')}>
            {t('appointments.forOneselfWhat')}
          </Trouble>
        ) : null}
        {busy.data && busy.data.length > 0 ? (
          <Trouble tone='warn' title={t('appointments.taken')}>
            <ul>
              {busy.data.map((one, i) => (
                <li key={i}>
                  {staff.nameOf(one.staffId) ?? t('unknownName')} · {dayName(dayOf(new Date(one.startsAt)))}{' '}
                  {span(one.startsAt, one.endsAt)}
                </li>
              ))}
            </ul>
          </Trouble>
        ) : null}
        <Field label={labelOf(notes)} aside={t('consents.optional')} problem={wrong('note')}>
          {(ties) => (
            <Input.TextArea
              {...ties}
              rows={2}
              value={note}
              maxLength={notes.max}
              placeholder={isMasked(before) ? t('appointments.noteMasked') : t('appointments.noteHint')}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Modal>
  )
}
