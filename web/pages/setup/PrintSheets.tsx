import { createPortal } from 'react-dom'
import type { Language } from '../../app/preferences.ts'
import { en } from '../../messages/en.ts'
import { zhCN } from '../../messages/zhCN.ts'
import './print.css'

type Sheet = { share: string; index: number; total: number; threshold: number; company: string; kitId: string; day: string }

const words: Record<Language, typeof en.sheet | typeof zhCN.sheet> = { 'zh-CN': zhCN.sheet, en: en.sheet }

const fill = (text: string, facts: Record<string, string | number>): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => String(facts[name] ?? ''))

const Half = ({ language, sheet }: { language: Language; sheet: Sheet }) => {
  const w = words[language]
  return (
    <section lang={language}>
      <h2>{fill(w.title, sheet)}</h2>
      <p>{fill(w.what, sheet)}</p>
      <ol>
        {[w.keep, w.apart, w.never, w.use].map((line) => (
          <li key={line}>{fill(line, sheet)}</li>
        ))}
      </ol>
    </section>
  )
}

/** The sheets as they are printed, one share each, in Chinese and English. They are on the page for the printer only, and are never a file. */
export const PrintSheets = ({ sheets }: { sheets: Sheet[] }) =>
  createPortal(
    <div className='print-sheets' aria-hidden='true'>
      {sheets.map((sheet) => (
        <article key={sheet.index}>
          <header>
            <b>消声室 Anechoic</b>
            <span>{sheet.company}</span>
            <span>{sheet.day}</span>
          </header>
          <div className='number'>
            {sheet.index} / {sheet.total}
          </div>
          <Half language='zh-CN' sheet={sheet} />
          <div className='code'>
            {sheet.share.split('-').map((group, i) => (
              <span key={i}>{group}</span>
            ))}
          </div>
          <div className='kit'>{sheet.kitId}</div>
          <Half language='en' sheet={sheet} />
          <footer>
            <span>保管人 / Held by: ____________________</span>
            <span>存放处 / Kept at: ____________________</span>
          </footer>
        </article>
      ))}
    </div>,
    document.body,
  )
