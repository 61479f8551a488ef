const RUN = /[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]+/g;

const STOP_WORDS = new Set(
  (
    'a about after all also am an and any are as at be been before but by can could did do does for from had has have ' +
    'he her here him his how i if in into is it its just like make may me more my need no not of on one or our out please ' +
    'she should so some such than that the their them then there these they this to up us use used user uses using want was we were ' +
    'what when where which who why will with would you your ' +
    '一个 一下 什么 怎么 怎样 如何 请问 可以 我们 你们 他们 这个 那个 这些 那些 是否 没有 以及 或者 还有 时候 使用 需要 用户 帮我 给我'
  ).split(' '),
);

/**
 * Splits a text into terms that can be compared: stemmed English words, and pairs of neighbours in Chinese, Japanese and
 * Korean, which are written without spaces. Words that say nothing about the subject are left out.
 */
export function tokeniseText(text: string): string[] {
  const terms: string[] = [];
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(RUN)) {
    if (/^[a-z0-9]/.test(run)) {
      if (run.length > 1 && !STOP_WORDS.has(run)) terms.push(stemWord(run));
      continue;
    }
    const letters = [...run];
    if (letters.length === 1) terms.push(run);
    for (let index = 0; index + 1 < letters.length; index += 1) {
      const pair = `${letters[index]}${letters[index + 1]}`;
      if (!STOP_WORDS.has(pair)) terms.push(pair);
    }
  }
  return terms;
}

/** Takes the commonest English endings off, so that "commits", "committed" and "commit" are one term. */
function stemWord(word: string): string {
  if (word.length < 5) return word.length === 4 && /[^s]s$/.test(word) ? word.slice(0, -1) : word;
  let stem = word;
  if (stem.endsWith('ies')) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:ss|x|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (/[^su]s$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith('ing')) stem = stem.slice(0, -3);
  else if (stem.length > 4 && stem.endsWith('ed')) stem = stem.slice(0, -2);
  if (/([bdgklmnprt])\1$/.test(stem)) stem = stem.slice(0, -1);
  return stem.length > 4 && stem.endsWith('e') ? stem.slice(0, -1) : stem;
}
