import type { ErrorCode } from '../../../shared/errors/error-codes.ts';

interface ErrorText {
  readonly title: string;
  /** Where the error names a service. */
  readonly title_service?: string;
  /** What exactly happened; used where the error carries all that it names, else main's own sentence is shown. */
  readonly detail?: string;
  readonly hint: string;
}

/** By code; `{{…}}` are the error's own parameters, left out where it does not carry them. */
export const errors = {
  internal: {
    title: 'Something went wrong inside Skilldeck',
    hint: 'Try again. If it happens once more, the app’s log holds the details.',
  },
  invalid_input: { title: 'That input is not accepted', hint: 'Check what you entered and try again.' },
  cancelled: { title: 'Cancelled', hint: 'Nothing is left half done. Start it again whenever you like.' },
  disk_full: {
    title: 'The disk is full',
    detail: 'There was no space to write {{path}}.',
    hint: 'Free some space, then try again. Nothing was overwritten.',
  },
  read_only: {
    title: 'The folder cannot be written to',
    hint: 'Check the permissions of the workspace folder, or choose another workspace in Settings.',
  },
  'engine.not_installed': {
    title: 'Docker is not installed',
    detail: 'No container engine was found on this computer.',
    hint: 'Install Docker Engine or Docker Desktop, or use the sandbox: it runs the same stack without containers.',
  },
  'engine.not_running': {
    title: 'Docker is not running',
    detail: 'Nothing answers at {{address}}.',
    hint: 'Open Docker Desktop, or run “sudo systemctl start docker”; then retry. The sandbox runs the same stack without it.',
  },
  'engine.permission_denied': {
    title: 'Docker does not let you in',
    detail: 'Your user may not use {{address}}.',
    hint: 'On Linux, run “sudo usermod -aG docker $USER” and sign in again, or use rootless Docker. The sandbox needs no Docker at all.',
  },
  'engine.too_old': {
    title: 'This Docker is too old',
    detail: 'It is Docker Engine {{version}} (API {{apiVersion}}).',
    hint: 'Skilldeck needs Docker Engine 20.10 or newer. Update Docker, or use the sandbox.',
  },
  'engine.unreachable': {
    title: 'The container engine does not answer',
    hint: 'Skilldeck keeps trying and goes on by itself as soon as the engine is back.',
  },
  'engine.request_failed': {
    title: 'The container engine refused a request',
    hint: 'The details say why. Mend that, then try again.',
  },
  'compose.invalid': {
    title: 'The compose file is not valid',
    detail: '{{fileName}}, line {{line}}: {{path}}: expected {{expected}}, found {{found}}.',
    hint: 'Mend that line and save it: Skilldeck reads the file again by itself.',
  },
  'compose.unknown_key': {
    title: 'The compose file uses a key that Skilldeck does not know',
    detail: '{{fileName}}, line {{line}}: {{path}}: the key “{{found}}”.',
    hint: 'Remove the key and save. Skilldeck refuses what it would have to ignore.',
  },
  'compose.dependency_cycle': {
    title: 'Services wait for each other in a circle',
    hint: 'Remove one of these depends_on entries and save.',
  },
  'compose.unsupported': {
    title: 'The project asks for something that Skilldeck cannot do',
    detail: '{{place}}: {{reason}}',
    hint: 'It is refused rather than ignored. Take the setting out, or start this project with docker compose.',
  },
  'compose.file_missing': {
    title: 'A file that the project needs is missing',
    detail: '{{path}} does not exist.',
    hint: 'Put the file back, or take its name out of the compose file. Skilldeck looks again by itself.',
  },
  'file.changed': {
    title: 'The file has changed meanwhile',
    hint: 'Nothing was written. The form now shows what the file says; make your change again.',
  },
  'project.unknown': {
    title: 'This project is not open any more',
    hint: 'Open its compose file again, or choose another project.',
  },
  'context.unknown': {
    title: 'There is no such Docker context',
    hint: 'It was removed or renamed. “docker context ls” lists those that exist.',
  },
  'update.rolled_back': {
    title: 'The update failed and was taken back',
    title_service: 'The update of {{service}} failed and was taken back',
    hint: 'What ran before runs again. The last lines of the new one say why it failed.',
  },
  'env.invalid': {
    title: 'The file .env has a mistake',
    detail: '{{fileName}}, line {{line}}: {{reason}}.',
    hint: 'Mend that line and save it: Skilldeck reads the file again by itself.',
  },
  'config.invalid': {
    title: 'The gateway’s config.json has a mistake',
    detail: '{{fileName}}, line {{line}}: {{reason}}.',
    hint: 'Mend it and save. A gateway that runs keeps the last good configuration and takes the mended one over by itself.',
  },
  'config.invalid_variable': {
    title: 'The gateway was given a variable that it cannot take',
    hint: 'It is set in the workspace’s .env, or for the service in compose.yaml. Mend it there, or remove it for the default, and start again.',
  },
  'port.in_use': {
    title: 'A port is already taken',
    detail: '{{service}} needs port {{port}}.',
    hint: 'Stop the program that uses it, or let Skilldeck move to the next free port.',
  },
  'subnet.in_use': {
    title: 'The network’s address range is already taken',
    hint: 'Set another range as SKILLDECK_SUBNET in the workspace’s .env.',
  },
  'image.pull_failed': {
    title: 'An image could not be downloaded',
    hint: 'Check the network and proxy settings, or use a registry mirror. Then try again.',
  },
  'image.build_failed': {
    title: 'An image could not be built',
    title_service: 'The image of {{service}} could not be built',
    hint: 'The last lines of the build say why. A failing download often means that a proxy or mirror is needed.',
  },
  'service.start_failed': {
    title: 'A service could not be started',
    title_service: '{{service}} could not be started',
    hint: 'The details and the service’s log say why.',
  },
  'service.exited': {
    title: 'A service ended by itself',
    title_service: '{{service}} ended by itself',
    detail: 'Exit code {{exitCode}}.',
    hint: 'Its last lines say why. Open its log for more.',
  },
  'service.unhealthy': {
    title: 'A service runs but is not healthy',
    title_service: '{{service}} runs but is not healthy',
    hint: 'The health check’s own output is below. Open the log, or restart the service.',
  },
  'service.unknown': {
    title: 'There is no such service',
    title_service: 'There is no service {{service}}',
    hint: 'The compose file does not describe it any more.',
  },
  'service.not_running': {
    title: 'The service is not running',
    title_service: '{{service}} is not running',
    hint: 'Start the stack first.',
  },
  'operation.busy': { title: 'Another operation is under way', hint: 'Wait until it is done, or cancel it.' },
  'operation.unknown': { title: 'That operation is over', hint: 'There is nothing left to cancel.' },
  'stream.unknown': { title: 'The stream has ended', hint: 'Open the page again to connect anew.' },
  'skill.not_found': {
    title: 'The skill does not exist any more',
    hint: 'It was removed or renamed on disk.',
  },
  'skill.exists': { title: 'A skill of that name exists', hint: 'Choose another name.' },
  'skill.invalid_name': {
    title: 'That is not a valid name for a skill',
    hint: 'Use 1 to 64 lower-case letters, digits and single hyphens, for example “release-notes”.',
  },
  'skill.not_utf8': {
    title: 'The file is not UTF-8 text',
    detail: 'SKILL.md of “{{id}}” was not opened, so that nothing in it is damaged.',
    hint: 'Convert it to UTF-8 in another editor. Skilldeck leaves it untouched.',
  },
  'skill.too_large': {
    title: 'The file is too large for a skill',
    detail: 'SKILL.md of “{{id}}” is larger than 1 MB and was not opened.',
    hint: 'Move long material into files beside SKILL.md.',
  },
  'skill.write_failed': {
    title: 'The skill could not be saved',
    hint: 'Your text is still in the editor. Check the disk and its permissions, then save again.',
  },
  'gateway.not_running': { title: 'The gateway is not running', hint: 'Start the stack, then try again.' },
  'gateway.unauthorized': {
    title: 'The gateway refused the key',
    hint: 'Restart the stack so that gateway and panel read the same key from .env.',
  },
  'gateway.request_failed': { title: 'The gateway could not answer', hint: 'The gateway’s log says why.' },
  'gateway.queue_full': {
    title: 'The gateway is busy',
    hint: 'All slots and the queue are taken. Try again shortly.',
  },
  'gateway.loading': { title: 'The model is still loading', hint: 'Try again in a moment.' },
  'upstream.refused': {
    title: 'The model server does not answer',
    hint: 'Check that it runs and that its address is right.',
  },
  'upstream.timeout': {
    title: 'The model server took too long',
    hint: 'Try again, or choose a smaller model.',
  },
  'upstream.cut': {
    title: 'The model server cut the answer off',
    hint: 'What had arrived is kept. Ask again to get the whole answer.',
  },
  'upstream.rejected': {
    title: 'The model server answered with an error',
    hint: 'Check the address, the model’s name and the key; the server’s own log says more.',
  },
  'model.not_gguf': {
    title: 'This is not a GGUF model file',
    detail: '“{{name}}” is another kind of file, or only a part of one.',
    hint: 'Choose a complete file in GGUF format. The model in use stays as it is.',
  },
  'model.not_found': { title: 'The model does not exist', hint: 'Choose another model in Settings.' },
  'model.load_failed': {
    title: 'The model could not be loaded',
    hint: 'The file may be incomplete, or need more memory than there is. Choose another model.',
  },
  'chat.not_found': { title: 'The conversation does not exist any more', hint: 'Start a new one.' },
  'keychain.unavailable': {
    title: 'The system’s keychain is not available',
    hint: 'The key is kept for this session only. Unlock or install a keychain to keep it.',
  },
  'workspace.invalid': {
    title: 'This folder cannot be the workspace',
    hint: 'Choose a folder that is yours and can be written to.',
  },
  'terminal.failed': {
    title: 'The terminal could not be opened',
    hint: 'Check that the service runs, then try again.',
  },
} satisfies Record<ErrorCode, ErrorText>;
