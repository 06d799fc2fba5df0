import 'virtual:tokens.css'
import './ui/base.css'
import './ui/shell.css'
import './ui/parts.css'
import './ui/pages.css'
import './ui/bulk.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { startMessages } from './messages/load.ts'

await startMessages()
createRoot(document.getElementById('root')!).render(<App />)
