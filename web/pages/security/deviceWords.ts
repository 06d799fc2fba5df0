import { useTranslation } from 'react-i18next'

/** Returns how this browser is called when somebody names a passkey: system and browser, as coarse as the server keeps it. */
export const thisDevice = (agent = navigator.userAgent): string => {
  const systems: [RegExp, string][] = [
    [/OpenHarmony|HarmonyOS/, 'HarmonyOS'],
    [/Android/, 'Android'],
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'Mac'],
    [/Linux/, 'Linux'],
  ]
  return systems.find(([pattern]) => pattern.test(agent))?.[1] ?? ''
}

/** Returns words for a device: `Chrome · Windows`. */
export const useDeviceWords = (): ((device: { browser: string | null; system: string | null }) => string) => {
  const { t } = useTranslation()
  return ({ browser, system }) => {
    const known = [browser, system].filter(Boolean)
    return known.length > 0 ? known.join(' · ') : t('security.sessions.unknown')
  }
}
