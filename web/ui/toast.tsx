import { useSyncExternalStore } from 'react'

type Toast = { id: number; text: string; act?: { label: string; run: () => void } }

let toasts: readonly Toast[] = []
let next = 1
const listeners = new Set<() => void>()

const set = (changed: readonly Toast[]): void => {
  toasts = changed
  for (const listener of listeners) listener()
}

const dismiss = (id: number): void => set(toasts.filter((toast) => toast.id !== id))

/** Says something in passing; with `act` it can be taken back, and stays long enough to do so (10 s, else 5 s). */
export const say = (text: string, act?: Toast['act']): void => {
  const id = next++
  set([...toasts.slice(-2), act ? { id, text, act } : { id, text }])
  setTimeout(() => dismiss(id), act ? 10_000 : 5_000)
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where toasts appear: a live region, present from the start so that it is announced. */
export const Toasts = () => {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className='toasts' role='status' aria-live='polite'>
      {shown.map((toast) => (
        <div key={toast.id} className='toast'>
          <span>{toast.text}</span>
          {toast.act ? (
            <button
              type='button'
              onClick={() => {
                dismiss(toast.id)
                toast.act?.run()
              }}
            >
              {toast.act.label}
            </button>
          ) : null}
        </div>
      ))}
    </div>
  )
}
