/** A JSON schema that the grammar cannot hold, with the place inside of the schema. */
export class GrammarLimit extends Error {
  readonly path: string;

  constructor(what: string, path: readonly string[]) {
    super(what);
    this.name = 'GrammarLimit';
    this.path = path.join('.');
  }
}
