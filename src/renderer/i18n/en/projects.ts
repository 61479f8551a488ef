export const projects = {
  switch: 'Project {{name}}: choose another',
  open: 'Open compose project …',
  openFile: 'Open compose file …',
  show: 'Show the project {{name}}',
  listOpen: 'Open',
  listFound: 'Found on the engine',
  bundled: 'comes with Skilldeck',
  running: '{{running}} / {{total}}',
  nothingRuns: 'nothing runs',
  close: 'Close {{name}}',
  closeHint: 'Takes it off this list; nothing of it is stopped',
  found: {
    short: 'its files are gone',
    gone: 'Its files are not where its labels say. docker compose ls knows it, and nothing more can be done with it here.',
    open: 'Open its files',
  },
  contexts: {
    label: 'Engine: {{text}}. Choose a Docker context',
    title: 'Docker context',
    fixed:
      'Set by DOCKER_HOST or DOCKER_CONTEXT for this start of the app. Take the variable away to choose here.',
    fixedShort: 'set by the environment',
    none: 'No Docker context was found.',
    settings: 'Engine settings …',
    retry: 'Try the engine again',
  },
};
