import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate } from 'react-router'
import { fieldProblems } from '../../app/apiError.ts'
import { Outside } from '../../app/Outside.tsx'
import { request } from '../../app/request.ts'
import { fetchState, stateKey } from '../../app/session.ts'
import { Field } from '../../ui/Field.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { KitSheets } from './KitSheets.tsx'
import { PasswordField } from './PasswordField.tsx'
import { judgePassword } from './passwordStrength.ts'
import { ProveShares } from './ProveShares.tsx'
import { setupToken } from './setupToken.ts'

const steps = ['company', 'owner', 'kit', 'print', 'prove'] as const
type Step = (typeof steps)[number] | 'done'
type Made = { shares: string[]; kitId: string; recipient?: string }

const sizes = [
  { shares: 3, threshold: 2 },
  { shares: 5, threshold: 3 },
] as const

/** First start: company and store, owner, recovery kit, printed, proven. */
export const SetupPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [token] = useState(setupToken)
  const [step, setStep] = useState<Step>('company')
  const [company, setCompany] = useState('')
  const [store, setStore] = useState('')
  const [owner, setOwner] = useState({ name: '', login: '', password: '' })
  const [size, setSize] = useState<(typeof sizes)[number]>(sizes[0])
  const [made, setMade] = useState<Made | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const { data: state } = useQuery({ queryKey: stateKey, queryFn: fetchState, staleTime: 30_000 })
  const withPassphrase = state?.provider === 'passphrase'
  const act = useMutation({
    mutationFn: () =>
      request<Made>('POST', '/api/setup', {
        body: {
          token,
          company: company.trim(),
          store: store.trim(),
          owner: { ...owner, login: owner.login.trim(), name: owner.name.trim() },
          kit: size,
          ...(withPassphrase ? { passphrase } : {}),
        },
      }),
    onSuccess: (kit) => {
      setMade(kit)
      setOwner((before) => ({ ...before, password: '' }))
      setPassphrase('')
      setStep('print')
    },
    onError: (error) => {
      if (fieldProblems(error).some((one) => one.field.includes('password') || one.field.startsWith('owner'))) setStep('owner')
    },
    gcTime: 0,
  })
  const holding = made !== null && step !== 'done'
  useEffect(() => {
    if (!holding) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [holding])

  const known = [company, store, owner.name, owner.login]
  const strong = judgePassword(owner.password, known)
  const ownerReady =
    owner.name.trim() !== '' && /^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,39}$/u.test(owner.login.trim()) && Object.values(strong.met).every(Boolean)
  const refusedPassword = fieldProblems(act.error).find((one) => one.field.includes('password'))
  const next = (to: Step) => (event: { preventDefault: () => void }) => {
    event.preventDefault()
    setStep(to)
  }
  const toSignIn = async () => {
    await client.invalidateQueries({ queryKey: stateKey })
    void navigate('/sign-in', { replace: true })
  }
  if (state?.phase === 'ready' && made === null && step !== 'done') return <Navigate to='/sign-in' replace />
  if (!token && step === 'company') {
    return (
      <Outside title={t('setup.title')}>
        <Trouble tone='warn' title={t('setup.noToken')}>
          {t('setup.noTokenAdvice')}
        </Trouble>
      </Outside>
    )
  }
  if (step === 'done') {
    return (
      <Outside title={t('setup.doneTitle')} sub={t('setup.doneSub')}>
        <Button type='primary' size='large' block onClick={() => void toSignIn()}>
          {t('setup.toSignIn')}
        </Button>
      </Outside>
    )
  }
  const at = steps.indexOf(step)
  return (
    <Outside
      wide
      title={t(`setup.steps.${step}.title`)}
      sub={t(`setup.steps.${step}.sub`, { threshold: size.threshold, shares: size.shares })}
    >
      <ol className='steps' aria-label={t('setup.title')}>
        {steps.map((one, i) => (
          <li key={one} {...(i === at ? { 'aria-current': 'step' as const } : {})} {...(i < at ? { 'data-done': true } : {})}>
            {t(`setup.steps.${one}.short`)}
          </li>
        ))}
      </ol>
      {act.isError && !refusedPassword ? <ErrorNote error={act.error} /> : null}
      <div className='card'>
        {step === 'company' ? (
          <form className='stack' onSubmit={next('owner')}>
            <Field label={t('setup.company')} hint={t('setup.companyHint')}>
              {(ties) => (
                <Input
                  {...ties}
                  autoFocus
                  value={company}
                  maxLength={100}
                  autoComplete='organization'
                  onChange={(event) => setCompany(event.target.value)}
                />
              )}
            </Field>
            <Field label={t('setup.store')} hint={t('setup.storeHint')}>
              {(ties) => (
                <Input {...ties} value={store} maxLength={60} autoComplete='off' onChange={(event) => setStore(event.target.value)} />
              )}
            </Field>
            <div className='row'>
              <Button type='primary' htmlType='submit' disabled={company.trim() === '' || store.trim() === ''}>
                {t('next')}
              </Button>
            </div>
          </form>
        ) : null}
        {step === 'owner' ? (
          <form className='stack' onSubmit={next('kit')}>
            <Field label={t('setup.ownerName')}>
              {(ties) => (
                <Input
                  {...ties}
                  autoFocus
                  value={owner.name}
                  maxLength={60}
                  autoComplete='name'
                  onChange={(event) => setOwner({ ...owner, name: event.target.value })}
                />
              )}
            </Field>
            <Field label={t('signIn.login')} hint={t('setup.loginHint')}>
              {(ties) => (
                <Input
                  {...ties}
                  value={owner.login}
                  maxLength={40}
                  autoComplete='username'
                  autoCapitalize='none'
                  spellCheck={false}
                  onChange={(event) => setOwner({ ...owner, login: event.target.value })}
                />
              )}
            </Field>
            <PasswordField
              value={owner.password}
              known={known}
              problem={
                refusedPassword
                  ? t(`problems.${refusedPassword.problem}` as 'problems.too_common', { defaultValue: t('problems.too_common') })
                  : null
              }
              onChange={(password) => {
                act.reset()
                setOwner({ ...owner, password })
              }}
            />
            <div className='row'>
              <Button type='primary' htmlType='submit' disabled={!ownerReady}>
                {t('next')}
              </Button>
              <Button onClick={() => setStep('company')}>{t('back')}</Button>
            </div>
          </form>
        ) : null}
        {step === 'kit' ? (
          <form
            className='stack'
            onSubmit={(event) => {
              event.preventDefault()
              act.mutate()
            }}
          >
            <ul className='stack tight explain'>
              {(['why', 'how', 'who'] as const).map((line) => (
                <li key={line} className='row' style={{ flexWrap: 'nowrap', alignItems: 'baseline' }}>
                  <Icon name={line === 'why' ? 'key' : line === 'how' ? 'copy' : 'people'} size={16} />
                  <span>{t(`kit.${line}`)}</span>
                </li>
              ))}
            </ul>
            <div className='choices' role='radiogroup' aria-label={t('kit.size')}>
              {sizes.map((one) => (
                <button
                  key={one.shares}
                  type='button'
                  role='radio'
                  aria-checked={size === one}
                  className='option'
                  onClick={() => setSize(one)}
                >
                  <b>{t('kit.of', one)}</b>
                  <small>{t(one.shares === 3 ? 'kit.small' : 'kit.large')}</small>
                </button>
              ))}
            </div>
            {withPassphrase ? (
              <Field label={t('setup.passphrase')} hint={t('setup.passphraseHint')}>
                {(ties) => (
                  <Input.Password
                    {...ties}
                    value={passphrase}
                    maxLength={512}
                    autoComplete='new-password'
                    onChange={(event) => setPassphrase(event.target.value)}
                  />
                )}
              </Field>
            ) : null}
            <div className='row'>
              <Button type='primary' htmlType='submit' loading={act.isPending} disabled={withPassphrase && passphrase.length < 15}>
                {t('kit.make')}
              </Button>
              <Button disabled={act.isPending} onClick={() => setStep('owner')}>
                {t('back')}
              </Button>
            </div>
          </form>
        ) : null}
        {step === 'print' && made ? (
          <KitSheets kit={made} threshold={size.threshold} company={company} onNext={() => setStep('prove')} />
        ) : null}
        {step === 'prove' ? (
          <ProveShares
            threshold={size.threshold}
            {...(token ? { token } : {})}
            onBack={() => setStep('print')}
            onProven={() => setStep('done')}
          />
        ) : null}
      </div>
    </Outside>
  )
}
