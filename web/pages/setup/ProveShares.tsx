import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../app/request.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { ShareInput } from './ShareInput.tsx'
import { readShare, type ShareState } from './shareText.ts'

type ProveSharesProps = { threshold: number; token?: string; onProven: () => void; onBack?: () => void }

/** Proves the recovery kit: as many shares as are needed, typed back from paper. */
export const ProveShares = ({ threshold, token, onProven, onBack }: ProveSharesProps) => {
  const { t } = useTranslation()
  const [texts, setTexts] = useState<string[]>(() => Array.from({ length: threshold }, () => ''))
  const [states, setStates] = useState<ShareState[]>(() => texts.map(() => ({ kind: 'empty' })))
  useEffect(() => {
    let current = true
    void Promise.all(texts.map(readShare)).then((read) => current && setStates(read))
    return () => {
      current = false
    }
  }, [texts])
  const act = useMutation({
    mutationFn: () =>
      request('POST', '/api/setup/prove', { body: { shares: texts.map((text) => text.trim()), ...(token ? { token } : {}) } }),
    onSuccess: onProven,
    gcTime: 0,
  })
  const kitOf = (state: ShareState | undefined): string | null => (state?.kind === 'right' ? state.kitId : null)
  const first = states.map(kitOf).find((kit) => kit !== null)
  const isRepeated = (i: number): boolean => {
    const state = states[i]
    return state?.kind === 'right' && states.slice(0, i).some((other) => other.kind === 'right' && other.index === state.index)
  }
  const isForeign = (i: number): boolean => kitOf(states[i]) !== null && kitOf(states[i]) !== first
  const complete = states.every((state, i) => state.kind === 'right' && !isRepeated(i) && !isForeign(i))
  return (
    <form
      className='stack'
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate()
      }}
    >
      {texts.map((text, i) => (
        <ShareInput
          key={i}
          place={i + 1}
          value={text}
          state={states[i] ?? { kind: 'empty' }}
          repeated={isRepeated(i)}
          foreign={isForeign(i)}
          onChange={(next) => setTexts(texts.map((one, j) => (j === i ? next : one)))}
        />
      ))}
      {act.isError ? <ErrorNote error={act.error} /> : null}
      <div className='row'>
        <Button type='primary' htmlType='submit' disabled={!complete} loading={act.isPending}>
          {t('kit.prove')}
        </Button>
        {onBack ? <Button onClick={onBack}>{t('back')}</Button> : null}
      </div>
    </form>
  )
}
