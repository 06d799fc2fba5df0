import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Entity } from '../../domain/catalogue/entity.ts'
import { ApiError } from '../app/apiError.ts'
import type { RecordView } from '../app/contract.ts'
import { request } from '../app/request.ts'
import { ConflictDialog } from './ConflictDialog.tsx'
import { EntityForm, type FormShape } from './EntityForm.tsx'

type RecordEditorProps = FormShape & {
  entity: Entity
  path: string
  record: RecordView
  mayWrite: (field: string) => boolean
  mayReveal: boolean
  /** The record as it is stored now; `stay` when one goes on editing. */
  onSaved: (changed: RecordView, stay: boolean) => void
  onCancel: () => void
}

type Save = { value: Record<string, unknown>; version: number; stay: boolean }

const isConflict = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 'version_conflict'

/** The form that changes a record: sends what was changed, and where somebody else was faster asks which of the two shall stand. */
export const RecordEditor = ({ entity, path, record, onSaved, ...form }: RecordEditorProps) => {
  const [version, setVersion] = useState(record.version)
  const [conflict, setConflict] = useState<{ mine: Record<string, unknown>; theirs: RecordView } | null>(null)
  const act = useMutation({
    mutationFn: ({ value, version: from }: Save) =>
      request<RecordView>('PATCH', `/api/${path}/${record.id}`, { body: { version: from, ...value } }),
    onSuccess: (changed, { stay }) => {
      setVersion(changed.version)
      setConflict(null)
      onSaved(changed, stay)
    },
    onError: async (error, { value }) => {
      if (!isConflict(error)) return
      const theirs = (error.current as RecordView | undefined) ?? (await request<RecordView>('GET', `/api/${path}/${record.id}`))
      setConflict({ mine: value, theirs })
    },
    gcTime: 0,
  })
  return (
    <>
      <EntityForm
        {...form}
        entity={entity}
        path={path}
        record={record}
        saving={act.isPending}
        error={isConflict(act.error) ? null : act.error}
        onSave={(value, stay) =>
          act.mutateAsync({ value, version, stay }).then(
            () => true,
            () => false,
          )
        }
      />
      {conflict ? (
        <ConflictDialog
          entity={entity}
          mine={conflict.mine}
          theirs={conflict.theirs}
          saving={act.isPending}
          onResolve={(value) => act.mutate({ value, version: conflict.theirs.version, stay: false })}
          onClose={() => setConflict(null)}
        />
      ) : null}
    </>
  )
}
