// Initials and finals of Hanyu Pinyin (GB/T 16159), ü typed as v or u. Pairs that no character has do no harm: they match nothing.
// The vowelless m, n and ng (呣, 嗯) are left out: they occur in no name and would double the readings of many.
const initials = ['', ...'b p m f d t n l g k h j q x zh ch sh r z c s y w'.split(' ')]
const finals =
  'a o e i u v ai ei ui ao ou iu ie ve ue er an en in un vn ang eng ing ong ia ian iang iao iong ua uo uai uan uang ueng van'.split(' ')
const syllables = new Set(initials.flatMap((initial) => finals.map((final) => initial + final)))
const beginnings = new Set([...syllables].flatMap((syllable) => Array.from(syllable, (_, i) => syllable.slice(0, i + 1))))
const longest = 6

/**
 * Returns the ways to read Latin letters as pinyin, each with its syllables' first letters in upper case ('xian': ['Xian', 'XiAn']); the last
 * syllable may be unfinished ('zhiyu': ['ZhiYu']). Stops at `most`: the caller then has to search another way. No way gives an empty list.
 */
export function splitSyllables(letters: string, most: number): string[] {
  const ways: string[] = []
  const walk = (from: number, read: string): void => {
    for (let to = Math.min(letters.length, from + longest); to > from && ways.length < most; to--) {
      const part = letters.slice(from, to)
      const marked = read + part.charAt(0).toUpperCase() + part.slice(1)
      if (to === letters.length && beginnings.has(part)) ways.push(marked)
      else if (syllables.has(part)) walk(to, marked)
    }
  }
  walk(0, '')
  return ways
}
