/** Every error the file manager answers with: its HTTP status and what a person can do about it. */
const CATALOGUE = {
  'auth.required': [401, 'Sign in and try again.'],
  'auth.wrong': [401, 'The password is FILE_MANAGER_PASSWORD in the .env file of the workspace.'],
  'auth.cross_site': [403, 'Use the page of the file manager itself, or an API token.'],
  'auth.too_many': [429, 'Wait a minute, then try again.'],
  'input.invalid': [400, 'Check the request against the list of calls in the README.'],
  'route.not_found': [404, 'Check the address.'],
  'file.not_found': [404, 'Reload the list: the file may have been renamed or deleted.'],
  'file.bad_path': [
    400,
    'Use letters, digits, "-", "_", "." and spaces, at most eight folders deep, nothing hidden.',
  ],
  'file.outside': [
    403,
    'Links that lead out of the data folder are not followed. Put the file itself there.',
  ],
  'file.type_refused': [415, 'Skills and config take .md and .json files, models also .gguf.'],
  'file.too_large': [413, 'Raise the limit in app.conf, or copy the file into the data folder by hand.'],
  'file.not_utf8': [422, 'Save the file as UTF-8 text and upload it again.'],
  'file.not_json': [422, 'Correct the JSON and save again; the file on disk is unchanged.'],
  'file.not_gguf': [422, 'Choose a model in GGUF format.'],
  'file.conflict': [409, 'Compare both versions, then overwrite or reload.'],
  'file.exists': [409, 'Choose another name, or replace the file.'],
  'file.not_a_file': [409, 'Choose another name: a folder of this name is in the way.'],
  'upload.cut_short': [400, 'The connection broke. Upload the file again; nothing was changed.'],
  'storage.full': [507, 'Free some space on the disk, then try again. The file on disk is unchanged.'],
  'storage.read_only': [507, 'Make the data folder writable, then try again. The file on disk is unchanged.'],
  'storage.denied': [507, 'Give the user the service runs as (SKILLDECK_UID) access to the data folder.'],
  internal: [500, 'The log of the file manager says more, under the request id.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof CATALOGUE;

/** A fault with a code the page translates and a sentence for everyone else. */
export class FileManagerError extends Error {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly params?: Readonly<Record<string, string | number>> } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'FileManagerError';
    this.code = code;
    this.params = options.params ?? {};
  }

  get status(): number {
    return CATALOGUE[this.code][0];
  }

  get hint(): string {
    return CATALOGUE[this.code][1];
  }
}

export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string;
    readonly params: Readonly<Record<string, string | number>>;
  };
}

export function formatError(error: FileManagerError): ErrorBody {
  return { error: { code: error.code, message: error.message, hint: error.hint, params: error.params } };
}

/** Gives what the file system says a code of ours; anything it does not know is passed through untouched. */
export function translateFsError(error: unknown, file: string): unknown {
  const name = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (name) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new FileManagerError('file.not_found', `${file} does not exist.`, {
        cause: error,
        params: { file },
      });
    case 'EEXIST':
      return new FileManagerError('file.exists', `${file} has just been created by someone else.`, {
        cause: error,
        params: { file },
      });
    case 'EISDIR':
    case 'ENOTEMPTY':
      return new FileManagerError('file.not_a_file', `${file} is a folder.`, {
        cause: error,
        params: { file },
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new FileManagerError('storage.full', `The disk is full; ${file} was not written.`, {
        cause: error,
        params: { file },
      });
    case 'EROFS':
      return new FileManagerError(
        'storage.read_only',
        `The data folder is read-only; ${file} was not changed.`,
        {
          cause: error,
          params: { file },
        },
      );
    case 'EACCES':
    case 'EPERM':
      return new FileManagerError('storage.denied', `The file manager may not access ${file}.`, {
        cause: error,
        params: { file },
      });
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return new FileManagerError('upload.cut_short', `The upload of ${file} was cut short.`, {
        cause: error,
        params: { file },
      });
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new FileManagerError('file.bad_path', `${file} is not a usable path.`, {
        cause: error,
        params: { file },
      });
    default:
      return error;
  }
}
