/** Which browser on which system, no closer: what somebody needs to know their own devices by, and not a fingerprint. */
export type DeviceLabel = { readonly browser: string; readonly system: string }

// Order counts: nearly every browser also names those it descends from. In the apps of WeChat, DingTalk and Feishu pages run in their own browsers.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger\//, 'WeChat'],
  [/DingTalk\//, 'DingTalk'],
  [/Lark\/|Feishu\//, 'Feishu'],
  [/Edg(?:A|iOS)?\//, 'Edge'],
  [/HuaweiBrowser\//, 'Huawei'],
  [/MiuiBrowser\//, 'Xiaomi'],
  [/(?:M?QQBrowser|QBCore)\//, 'QQ'],
  [/UCBrowser\/|UBrowser\//, 'UC'],
  [/OPR\/|Opera/, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/OpenHarmony|HarmonyOS/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPod/, 'iOS'],
  [/iPad/, 'iPadOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

const first = (list: typeof browsers, text: string): string => list.find(([pattern]) => pattern.test(text))?.[1] ?? ''

/** Returns the label of a User-Agent header (RFC 9110 10.1.5); empty words where it names none we know. */
export const labelDevice = (userAgent: string | undefined): DeviceLabel => {
  const text = (userAgent ?? '').slice(0, 400)
  return { browser: first(browsers, text), system: first(systems, text) }
}
