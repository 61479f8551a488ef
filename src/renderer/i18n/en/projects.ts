export const projects = {
  switch: 'Project {{name}}: choose another',
  open: 'Open compose project …',
  show: 'Show the project {{name}}',
  listOpen: 'Open',
  listFound: 'Found on the engine',
  bundled: 'comes with Skilldeck',
  running: '{{running}} / {{total}}',
  nothingRuns: 'nothing runs',
  close: 'Close {{name}}; nothing of it is stopped',
  openFound: 'Open the files of {{name}}',
  found: {
    title: 'Known from its labels alone',
    text: 'Its containers run on this engine, and its files are not open. Open them to see what they ask for, to start it and to change it.',
    gone: 'Its files are not where its labels say, so that it can be watched and stopped, and not started.',
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
