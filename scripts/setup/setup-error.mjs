/** Something the set-up cannot repair by itself. The message ends with what the person can do. */
export class SetupError extends Error {
  /**
   * @param {string} message what is wrong, one sentence
   * @param {string} [remedy] the command to run or the thing to change
   * @param {unknown} [cause]
   */
  constructor(message, remedy, cause) {
    super(remedy ? `${message}\n  ${remedy.replaceAll('\n', '\n  ')}` : message, { cause });
    this.name = 'SetupError';
  }
}
