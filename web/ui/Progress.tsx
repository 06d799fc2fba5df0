/** A bar. `value` and `max` in the same unit; an unknown `max` shows a small share, so that it reads as begun. */
export const Progress = ({
  value,
  max,
  label,
  tone,
}: {
  value: number
  max: number | null
  label: string
  tone?: 'ok' | 'danger' | undefined
}) => {
  const share = max ? Math.min(100, Math.round((value / max) * 100)) : 4
  return (
    <div
      className='progress'
      role='progressbar'
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      data-tone={tone}
    >
      <i style={{ width: `${share}%` }} />
    </div>
  )
}
