import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useDirectory } from '../../app/directory.ts'
import { saveFile } from '../../app/saveFile.ts'
import { Card } from '../../ui/Card.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Trouble } from '../../ui/Trouble.tsx'
import type { Review } from './reviews.ts'

/** The record of a closed review: sealed, to be taken along, and who decided too fast to have read. */
export const ClosedReview = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const staff = useDirectory('staff')
  const { report, seal, hasty } = review
  const names = hasty.map((id) => staff.nameOf(id) ?? t('unknownName')).join(t('listComma'))
  // Byte for byte what was sealed and what the log has the hash of.
  const save = (text: string): void => saveFile(new Blob([text], { type: 'application/json' }), `review-${formatDay(review.closedAt)}.json`)
  return (
    <Card title={t('reviews.record')}>
      <div className='stack tight'>
        {hasty.length > 0 ? (
          <Trouble tone='warn' title={t('reviews.hasty', { names })}>
            {t('reviews.hastyWhat')}
          </Trouble>
        ) : null}
        <p className='quiet'>{t('reviews.recordWhat')}</p>
        {seal ? (
          <div className='small faint'>
            {t('reviews.seal')} <span className='mono seal'>{seal}</span>
          </div>
        ) : null}
        {report ? (
          <div className='row'>
            <Button icon={<Icon name='download' size={16} />} onClick={() => save(report)}>
              {t('reviews.download')}
            </Button>
          </div>
        ) : null}
      </div>
    </Card>
  )
}
